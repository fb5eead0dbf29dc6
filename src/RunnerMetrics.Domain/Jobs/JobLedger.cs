using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>Which jobs have ended, and how: so that each is counted once, at its first conclusion.</summary>
internal sealed class JobLedger(int horizonDays, int capacity)
{
    /// <summary>What was reported about each job's end, in one byte: millions are kept.</summary>
    public HorizonMap<byte> Ended { get; } = new(horizonDays, capacity);

    public bool IsConcluded(UInt128 key) => Ended.TryGet(key, out _);

    /// <summary>Whether a job has ended otherwise than one way.</summary>
    public bool Knows(UInt128 key, JobConclusion but) => Ended.TryGet(key, out var bits) && new Told(bits).Latest != but;

    /// <summary>Records a conclusion.</summary>
    /// <param name="key">The key that the job is counted under.</param>
    /// <param name="conclusion">How it ended.</param>
    /// <param name="at">When.</param>
    /// <param name="earlier">What was known before; the conclusion itself if it was reported before, though another one came since.</param>
    /// <returns>True if this is the job's first conclusion.</returns>
    public bool Conclude(UInt128 key, JobConclusion conclusion, DateTimeOffset at, out JobConclusion earlier)
    {
        if (!Ended.TryGet(key, out var bits))
        {
            earlier = default;
            Ended.TryAdd(key, default(Told).With(conclusion).Bits, at);
            return true;
        }

        // Two sources that differ may both report again: that is no new correction.
        var told = new Told(bits);
        earlier = told.Has(conclusion) ? conclusion : told.Latest;
        if (!told.Has(conclusion))
        {
            Ended.Update(key, told.With(conclusion).Bits);
        }

        return false;
    }

    /// <summary>Every conclusion that was reported for a job, one bit each, and the latest new one.</summary>
    private readonly record struct Told(byte Bits)
    {
        public JobConclusion Latest => (JobConclusion)(Bits & 7);

        public bool Has(JobConclusion conclusion) => (Bits & BitOf(conclusion)) != 0;

        public Told With(JobConclusion conclusion) => new((byte)((Bits & ~7) | (int)conclusion | BitOf(conclusion)));

        private static int BitOf(JobConclusion conclusion) => 4 << (int)conclusion;
    }
}

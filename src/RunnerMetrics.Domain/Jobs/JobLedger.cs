using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>Which jobs have ended, and how: so that each is counted once, at its first conclusion.</summary>
internal sealed class JobLedger(int horizonDays, int capacity)
{
    private readonly HorizonMap<Told> _concluded = new(horizonDays, capacity);

    public void Save(BinaryWriter writer) => _concluded.Save(writer, (w, told) => w.Write(told.Bits));

    public void Load(BinaryReader reader) => _concluded.Load(reader, r => new Told(r.ReadByte()));

    public bool IsConcluded(UInt128 key) => _concluded.TryGet(key, out _);

    /// <summary>Takes note of a conclusion.</summary>
    /// <param name="key">The key that the job is counted under.</param>
    /// <param name="conclusion">How it ended.</param>
    /// <param name="at">When.</param>
    /// <param name="earlier">What was known before; the conclusion itself where it was told before, though another one came since.</param>
    /// <returns>True where this is the job's first conclusion.</returns>
    public bool Conclude(UInt128 key, JobConclusion conclusion, DateTimeOffset at, out JobConclusion earlier)
    {
        if (!_concluded.TryGet(key, out var told))
        {
            earlier = default;
            _concluded.TryAdd(key, default(Told).With(conclusion), at);
            return true;
        }

        // Two sources that differ may both tell again: that corrects nothing.
        earlier = told.Has(conclusion) ? conclusion : told.Latest;
        if (!told.Has(conclusion))
        {
            _concluded.Update(key, told.With(conclusion));
        }

        return false;
    }

    /// <summary>Every conclusion that was told of a job, a bit each, and the latest new one: a byte, because millions are kept.</summary>
    private readonly record struct Told(byte Bits)
    {
        public JobConclusion Latest => (JobConclusion)(Bits & 7);

        public bool Has(JobConclusion conclusion) => (Bits & BitOf(conclusion)) != 0;

        public Told With(JobConclusion conclusion) => new((byte)((Bits & ~7) | (int)conclusion | BitOf(conclusion)));

        private static int BitOf(JobConclusion conclusion) => 4 << (int)conclusion;
    }
}

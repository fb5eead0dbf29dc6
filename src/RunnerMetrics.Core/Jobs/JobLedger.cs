using RunnerMetrics.Core.Events;

namespace RunnerMetrics.Core.Jobs;

/// <summary>Which jobs have ended, and how: so that each is counted once, at its first conclusion.</summary>
internal sealed class JobLedger(int horizonDays, int capacity)
{
    private readonly HorizonMap<JobConclusion> _concluded = new(horizonDays, capacity);

    public void Save(BinaryWriter writer) => _concluded.Save(writer, (w, conclusion) => w.Write((byte)conclusion));

    public void Load(BinaryReader reader) => _concluded.Load(reader, r => (JobConclusion)r.ReadByte());

    public bool IsConcluded(UInt128 key) => _concluded.TryGet(key, out _);

    /// <summary>Takes note of a conclusion.</summary>
    /// <param name="key">The key that the job is counted under.</param>
    /// <param name="conclusion">How it ended.</param>
    /// <param name="at">When.</param>
    /// <param name="earlier">What was known before, where something was.</param>
    /// <returns>True where this is the job's first conclusion.</returns>
    public bool Conclude(UInt128 key, JobConclusion conclusion, DateTimeOffset at, out JobConclusion earlier)
    {
        if (!_concluded.TryGet(key, out earlier))
        {
            _concluded.TryAdd(key, conclusion, at);
            return true;
        }

        _concluded.Update(key, conclusion);
        return false;
    }
}

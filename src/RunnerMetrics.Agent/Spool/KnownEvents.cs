using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Spool;

/// <summary>
/// The ids of events that may be read again: the last ones, and the starts of jobs without an end. The place in the logs stays in front of such a job, however many events other logs bring meanwhile.
/// </summary>
internal sealed class KnownEvents
{
    private const int MostRecent = 128;

    /// <summary>A runner runs one job at a time; more are jobs whose end no log tells.</summary>
    private const int MostStarted = 128;

    private readonly Queue<string> _recent = new();
    private readonly List<StartedJob> _started = [];
    private ulong _from;

    public bool Contains(string eventId) => _recent.Contains(eventId) || _started.Exists(job => job.EventId == eventId);

    /// <summary>Notes an event that the spool took.</summary>
    public void Add(Event taken)
    {
        Remember(taken.EventId);
        if (taken.JobStarted is { } started)
        {
            _started.Add(new StartedJob { JobKey = started.Job.JobKey, EventId = taken.EventId });
            _started.RemoveRange(0, Math.Max(0, _started.Count - MostStarted));
        }
        else if (taken.JobCompleted is { } completed)
        {
            _started.RemoveAll(job => job.JobKey == completed.Job.JobKey);
        }
    }

    /// <summary>Notes what a frame holds, in the order of the file. The first frame of a file that was written anew knows the events that were copied behind it.</summary>
    public void Add(SpoolFrame frame)
    {
        if (frame.RecentIds.Count > 0)
        {
            _from = frame.NextSequence;
            foreach (var id in frame.RecentIds)
            {
                Remember(id);
            }

            _started.AddRange(frame.Started);
        }

        foreach (var taken in frame.Events.Where(taken => taken.Sequence >= _from))
        {
            Add(taken);
        }
    }

    /// <summary>Puts all of it into the first frame of a new file.</summary>
    public void SaveTo(SpoolFrame first)
    {
        first.RecentIds.AddRange(_recent);
        first.Started.AddRange(_started);
    }

    private void Remember(string eventId)
    {
        _recent.Enqueue(eventId);
        if (_recent.Count > MostRecent)
        {
            _recent.Dequeue();
        }
    }
}

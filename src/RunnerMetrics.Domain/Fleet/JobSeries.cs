using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// The counters and histograms of the jobs of one runner, or of all runners that are counted together under one name. All are created with 0.
/// </summary>
internal sealed class JobSeries
{
    private static readonly JobConclusion[] Conclusions = [JobConclusion.Success, JobConclusion.Failed, JobConclusion.Cancelled, JobConclusion.Lost];
    private static readonly JobFailureReason[] Reasons = [JobFailureReason.Job, JobFailureReason.Setup, JobFailureReason.Runner, JobFailureReason.Unknown];
    private static readonly LabelPair[] StatusLabels = [.. Conclusions.Select(c => new LabelPair("status", Word(c)))];
    private static readonly LabelPair[] FromLabels = [.. Conclusions.Select(c => new LabelPair("from", Word(c)))];
    private static readonly LabelPair[] ToLabels = [.. Conclusions.Select(c => new LabelPair("to", Word(c)))];
    private static readonly LabelPair[] ReasonLabels = [.. Reasons.Select(r => new LabelPair("reason", Word(r)))];

    private readonly FleetFamilies _families;
    private readonly Counter[] _jobs = new Counter[Conclusions.Length];
    private readonly Counter[] _failures = new Counter[Reasons.Length];
    private readonly Counter?[,] _corrections = new Counter?[Conclusions.Length, Conclusions.Length];
    private readonly Histogram[] _durations = new Histogram[Conclusions.Length - 1]; // a lost job's end is not known

    public JobSeries(FleetFamilies families, Labels runner, bool withGauges)
    {
        _families = families;
        Caches = new CacheSeries(families, runner, withGauges);
        Queue = new QueueSeries(families, runner, withGauges);
        if (families.WaitsAreMeasured)
        {
            Queue.Initialize();
        }

        for (var i = 0; i < Conclusions.Length; i++)
        {
            _jobs[i] = families.Jobs.AddCounter(runner.With(StatusLabels[i]));
            if (i < _durations.Length)
            {
                _durations[i] = families.Duration.AddHistogram(runner.With(StatusLabels[i]));
            }

            var from = runner.With(FromLabels[i]);
            for (var j = 0; j < Conclusions.Length; j++)
            {
                _corrections[i, j] = i == j ? null : families.Corrections.AddCounter(from.With(ToLabels[j]));
            }
        }

        for (var i = 0; i < Reasons.Length; i++)
        {
            _failures[i] = families.Failures.AddCounter(runner.With(ReasonLabels[i]));
        }
    }

    public CacheSeries Caches { get; }

    public QueueSeries Queue { get; }

    /// <summary>The jobs that the runner or the set-up on it failed, and those that were lost with it: <see cref="SystemErrors"/>' reasons.</summary>
    public double[] SystemErrors =>
        [_failures[(int)JobFailureReason.Setup - 1].Value, _failures[(int)JobFailureReason.Runner - 1].Value, _jobs[(int)JobConclusion.Lost - 1].Value];

    private IEnumerable<Counter> Counters => _jobs.Concat(_failures).Concat(_corrections.OfType<Counter>());

    public void CountConclusion(JobConclusion conclusion) => _jobs[(int)conclusion - 1].Increment();

    public void CountFailure(JobFailureReason reason) => _failures[(int)reason - 1].Increment();

    public void CountCorrection(JobConclusion from, JobConclusion to) => _corrections[(int)from - 1, (int)to - 1]?.Increment();

    public void ObserveDuration(JobConclusion conclusion, double seconds, Exemplar? exemplar) =>
        _durations[(int)conclusion - 1].Observe(seconds, exemplar);

    /// <summary>Adds the counts of another runner's series.</summary>
    public void Add(JobSeries other)
    {
        foreach (var (counter, more) in Counters.Zip(other.Counters))
        {
            counter.Increment(more.Value);
        }

        foreach (var (histogram, more) in _durations.Zip(other._durations))
        {
            histogram.Add(more);
        }

        Queue.Add(other.Queue);
        Caches.Add(other.Caches);
    }

    public Saved.JobSeries Save() => new()
    {
        Conclusions = { SavedSeries.Save(_jobs, _durations) },
        Failures = { _failures.Select((counter, i) => new Saved.FailureSeries { Reason = i + 1, Failures = counter.Save() }) },
        Corrections =
        {
            from f in Conclusions
            from t in Conclusions
            where f != t
            select new Saved.CorrectionSeries { From = (int)f, To = (int)t, Corrections = _corrections[(int)f - 1, (int)t - 1]!.Save() },
        },
        Caches = { Caches.Save() },
        Queue = Queue.Save(),
    };

    public void Load(Saved.JobSeries saved)
    {
        SavedSeries.Load(saved.Conclusions, _jobs, _durations);
        foreach (var failures in saved.Failures)
        {
            SavedSeries.At(_failures, failures.Reason)?.Load(failures.Failures);
        }

        foreach (var corrections in saved.Corrections.Where(c => c.From >= 1 && c.From <= Conclusions.Length && c.To >= 1 && c.To <= Conclusions.Length))
        {
            _corrections[corrections.From - 1, corrections.To - 1]?.Load(corrections.Corrections);
        }

        Caches.Load(saved.Caches);
        Queue.Load(saved.Queue);
    }

    public void Remove()
    {
        foreach (var counter in _jobs)
        {
            _families.Jobs.Remove(counter);
        }

        foreach (var counter in _failures)
        {
            _families.Failures.Remove(counter);
        }

        foreach (var counter in _corrections)
        {
            if (counter is not null)
            {
                _families.Corrections.Remove(counter);
            }
        }

        foreach (var histogram in _durations)
        {
            _families.Duration.Remove(histogram);
        }

        Caches.Remove();
        Queue.Remove();
    }

    public static string Word(JobConclusion conclusion) => conclusion switch
    {
        JobConclusion.Success => "success",
        JobConclusion.Failed => "failed",
        JobConclusion.Cancelled => "cancelled",
        _ => "lost",
    };

    private static string Word(JobFailureReason reason) => reason switch
    {
        JobFailureReason.Job => "job",
        JobFailureReason.Setup => "setup",
        JobFailureReason.Runner => "runner",
        _ => "unknown",
    };
}

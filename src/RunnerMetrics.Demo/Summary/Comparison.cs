using System.Globalization;
using RunnerMetrics.Demo.Running;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.GitHub;

namespace RunnerMetrics.Demo.Summary;

/// <summary>The jobs that the simulator knows it ran, beside those that <c>/metrics</c> counted.</summary>
internal sealed class Comparison
{
    private readonly List<(string Runner, string Status, int Ran, int Counted, bool MayBeOpen)> _lines = [];

    private readonly List<(string Reason, int Failed, int Counted)> _reasons;

    private readonly DeploymentCounts _deployments;
    private readonly double _waits;
    private readonly double _waited;
    private readonly double _cacheRequests;
    private readonly double _cacheHits;

    public Comparison(IReadOnlyList<DemoRunner> runners, SimulatedPipeline pipeline, IReadOnlyList<Sample> scrape)
    {
        var failed = runners.SelectMany(runner => runner.Finished).Where(job => job.Conclusion == JobConclusion.Failed).ToList();
        _reasons =
        [
            .. Enum.GetValues<JobFailureReason>().Select(reason => (Reason: reason, Word: reason.ToString().ToLowerInvariant())).Select(reason => (
                reason.Word,
                failed.Count(job => job.FailureReason == reason.Reason),
                (int)scrape.Where(sample => sample.Name == "github_runner_job_failures_total" && sample.Label("reason") == reason.Word).Sum(sample => sample.Value))),
        ];
        _deployments = new DeploymentCounts(pipeline, scrape);
        _waits = scrape.Where(sample => sample.Name == "github_runner_job_queue_duration_seconds_count").Sum(sample => sample.Value);
        _waited = scrape.Where(sample => sample.Name == "github_runner_job_queue_duration_seconds_sum").Sum(sample => sample.Value);
        var caches = scrape.Where(sample => sample.Name == "github_runner_cache_requests_total").ToList();
        _cacheRequests = caches.Sum(sample => sample.Value);
        _cacheHits = caches.Where(sample => sample.Label("result") == "hit").Sum(sample => sample.Value);
        foreach (var runner in runners)
        {
            // Nobody can tell that a runner lost its last job, before it comes back without it.
            var open = runner.Finished.LastOrDefault()?.Conclusion == JobConclusion.Lost;
            foreach (var status in RunnerRow.Statuses)
            {
                var ran = runner.Finished.Count(job => string.Equals(job.Conclusion.ToString(), status, StringComparison.OrdinalIgnoreCase));
                var counted = scrape.Where(sample => sample.Name == "github_runner_jobs_total" && sample.Label("runner_name") == runner.Name && sample.Label("status") == status).Sum(sample => sample.Value);
                _lines.Add((runner.Name, status, ran, (int)counted, open && status == "lost"));
            }
        }
    }

    /// <summary>Whether both say the same. Each job that ran waited before, as GitHub's webhooks say.</summary>
    public bool Agrees => _lines.TrueForAll(Right) && _reasons.TrueForAll(reason => reason.Failed == reason.Counted) && _waits == _lines.Sum(line => line.Ran) && _deployments.Agrees;

    /// <summary>Writes the table, and what it comes to.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(Row("runner", "status", "ran", "counted", string.Empty));
        foreach (var line in _lines.Where(line => line.Ran + line.Counted > 0))
        {
            var remark = !Right(line) ? "<- differs" : line.Ran != line.Counted ? "one is open: its runner crashed and did not restart" : string.Empty;
            output.WriteLine(Row(line.Runner, line.Status, Number(line.Ran), Number(line.Counted), remark));
        }

        output.WriteLine(Row("all", string.Empty, Number(_lines.Sum(line => line.Ran)), Number(_lines.Sum(line => line.Counted)), string.Empty));
        output.WriteLine();
        output.WriteLine($"Failures by reason: {string.Join(", ", _reasons.Where(reason => reason.Failed + reason.Counted > 0).Select(Describe).DefaultIfEmpty("none failed"))}.");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"GitHub's webhooks reported {_waits:0} waits for a runner, {_waited / Math.Max(1, _waits):0.0} s on average."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Jobs reported {_cacheRequests:0} cache requests, {_cacheHits / Math.Max(1, _cacheRequests):P0} of them hits."));
        _deployments.Write(output);
        output.WriteLine(Agrees
            ? "Every job that the runners ran is in /metrics exactly once, and so is every deployment."
            : "The exporter's /metrics and the simulated runners disagree: this is a bug, or an agent could not deliver within 15 s.");
    }

    private static bool Right((string Runner, string Status, int Ran, int Counted, bool MayBeOpen) line) =>
        line.Counted == line.Ran || (line.MayBeOpen && line.Counted == line.Ran - 1);

    private static string Describe((string Reason, int Failed, int Counted) line) =>
        $"{Number(line.Counted)} {line.Reason}{(line.Counted == line.Failed ? string.Empty : $" (ran: {Number(line.Failed)})")}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Row(string runner, string status, string ran, string counted, string remark) =>
        $"{runner,-16} {status,-10} {ran,6} {counted,8}  {remark}".TrimEnd();
}

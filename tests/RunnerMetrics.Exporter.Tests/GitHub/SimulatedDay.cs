using System.Globalization;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>Jobs of a day on runners without an agent, as only GitHub knows them, and deployments; what GitHub tells of them one after another, and what has to be counted.</summary>
internal sealed class SimulatedDay
{
    private static readonly double[] Bounds = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

    private readonly List<(DateTimeOffset At, Func<GitHubRig, Task> Tell)> _news = [];
    private readonly List<WorkflowJobNews> _jobs = [];
    private int _deployments;
    private int _told;

    public SimulatedDay(DateTimeOffset start, int jobs, TimeSpan length, int seed = 1)
    {
        var random = new Random(seed);
        for (var id = 1; id <= jobs; id++)
        {
            var created = start + (length * random.NextDouble());
            var started = created.AddSeconds(Math.Floor(Math.Pow(10, random.NextDouble() * 3.3)) - 1);
            var ended = started.AddSeconds(random.Next(5, 900));
            var conclusion = random.Next(10) switch { 0 => JobConclusion.Failed, 1 => JobConclusion.Cancelled, _ => JobConclusion.Success };
            var repository = $"acme/repo-{random.Next(5)}";
            Add(new WorkflowJobNews(id, repository, "CI", "build", 10_000 + id, 1, new string('a', 40), "standard", Whole(created)), Whole(started), Whole(ended), $"r{random.Next(6)}", conclusion);
            if (id % 25 == 0)
            {
                Deploy(id, ended);
            }
        }

        _news.Sort((one, other) => one.At.CompareTo(other.At));
    }

    public bool IsOver => _told == _news.Count;

    public DateTimeOffset NextAt => _news[_told].At;

    /// <summary>Moves the clock to the next news, and tells it.</summary>
    public async Task TellNextAsync(GitHubRig rig)
    {
        var (at, tell) = _news[_told++];
        await rig.DeliveredAsync();
        rig.Clock.Advance(at > rig.Clock.GetUtcNow() ? at - rig.Clock.GetUtcNow() : TimeSpan.Zero);
        await tell(rig);
    }

    /// <summary>What has to be counted of the jobs that ended after a moment.</summary>
    public SortedDictionary<string, double> Truth(DateTimeOffset? endedAfter = null, bool withDeployments = true)
    {
        SortedDictionary<string, double> truth = new(StringComparer.Ordinal);
        foreach (var job in _jobs.Where(job => !(job.CompletedAt < endedAfter)))
        {
            var runner = $"runner_name=\"{job.RunnerName}\",runner_type=\"standard\",runner_scope=\"github.com/acme\"";
            var status = job.Conclusion switch { JobConclusion.Failed => "failed", JobConclusion.Cancelled => "cancelled", _ => "success" };
            Add($"github_runner_jobs_total{{{runner},status=\"{status}\"}}");
            Add($"github_runner_job_queue_duration_seconds_count{{{runner}}}");
            var wait = (job.StartedAt - job.CreatedAt)!.Value.TotalSeconds;
            foreach (var bound in Bounds.Where(bound => wait <= bound))
            {
                Add($"github_runner_job_queue_duration_seconds_bucket{{{runner},le=\"{bound.ToString("0.0", CultureInfo.InvariantCulture)}\"}}");
            }
        }

        if (withDeployments && _deployments > 0)
        {
            truth["github_deployments_total{repository=\"acme/shop\",environment=\"production\",status=\"success\"}"] = _deployments;
        }

        return truth;

        void Add(string sample) => truth[sample] = truth.GetValueOrDefault(sample) + 1;
    }

    /// <summary>What an exporter counted, of the samples that the truth has.</summary>
    public static async Task<SortedDictionary<string, double>> CountedAsync(RunningExporter exporter)
    {
        string[] families = ["github_runner_jobs_total{", "github_runner_job_queue_duration_seconds_count{", "github_runner_job_queue_duration_seconds_bucket{", "github_deployments_total{"];
        var scraped = Scraped.Of(await exporter.ScrapeAsync("application/openmetrics-text"));
        return new(scraped.Samples.Where(sample => sample.Value != 0 && !sample.Key.Contains("+Inf", StringComparison.Ordinal) && families.Any(family => sample.Key.StartsWith(family, StringComparison.Ordinal))).ToDictionary(), StringComparer.Ordinal);
    }

    private void Add(WorkflowJobNews queued, DateTimeOffset started, DateTimeOffset ended, string runner, JobConclusion conclusion)
    {
        var running = queued with { RunnerName = runner, StartedAt = started };
        var over = running with { CompletedAt = ended, Conclusion = conclusion };
        _jobs.Add(over);
        _news.AddRange([(queued.CreatedAt, rig => rig.GitHub.TellAsync(queued)), (started, rig => rig.GitHub.TellAsync(running)), (ended, rig => rig.GitHub.TellAsync(over))]);
    }

    private void Deploy(int id, DateTimeOffset ended)
    {
        _deployments++;
        _news.Add((Whole(ended), rig =>
        {
            var payload = Payload.Deployment("success", id);
            var at = Whole(ended).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            (payload["deployment"]!["created_at"], payload["deployment_status"]!["created_at"]) = (at, at);
            return rig.GitHub.Hook.Url is null ? Task.CompletedTask : rig.GitHub.Hook.DeliverAsync("deployment_status", payload.ToJsonString());
        }
        ));
    }

    // GitHub's times have whole seconds.
    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

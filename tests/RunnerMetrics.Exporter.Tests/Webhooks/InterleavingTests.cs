using System.Globalization;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>Random fleets whose events, GitHub's and the agents', come in any order, some twice, some never, over restarts: each job counts once.</summary>
public class InterleavingTests
{
    private static readonly (string GitHubs, Conclusion Agents, string Status)[] Ends =
        [("success", Conclusion.Success, "success"), ("failure", Conclusion.Failed, "failed"), ("cancelled", Conclusion.Cancelled, "cancelled")];

    private static readonly string[] Actions = ["queued", "in_progress", "completed"];

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Take_RandomInterleaving_CountsEveryJobOnce(int seed)
    {
        var random = new Random(seed);
        var expected = new SortedDictionary<string, double>(StringComparer.Ordinal);
        List<Action<WebhookFleet>> words = [];
        var (id, ends) = (10_000, new double[4]);
        for (var number = 0; number < 60; number++)
        {
            var runner = random.Next(ends.Length);
            var start = ends[runner] + random.Next(8, 200); // a runner runs one job at a time
            var end = ends[runner] = start + random.Next(10, 300);
            words.AddRange(WordsOf(new Job(++id, runner, start, end, random.Next(30), Ends[random.Next(Ends.Length)]), random, expected));
        }

        var twice = words.Where(_ => random.Next(5) == 0).ToArray();
        var order = words.Concat(twice).ToArray();
        random.Shuffle(order);
        using var fleet = new WebhookFleet();
        foreach (var word in order)
        {
            word(fleet);
            if (random.Next(150) == 0)
            {
                fleet.Restart();
            }
        }

        var counted = fleet.Samples().Where(s => s.Key.StartsWith("github_runner_jobs_total", StringComparison.Ordinal)
            || s.Key.StartsWith("github_runner_job_corrections_total", StringComparison.Ordinal)
            || s.Key.StartsWith("github_runner_job_queue_duration_seconds_count", StringComparison.Ordinal)
            || s.Key.StartsWith("github_workflow_jobs_total", StringComparison.Ordinal)
            || s.Key.StartsWith("github_workflow_jobs_queued", StringComparison.Ordinal));
        Assert.Equal(expected, new SortedDictionary<string, double>(counted.ToDictionary(), StringComparer.Ordinal));
    }

    private static IEnumerable<Action<WebhookFleet>> WordsOf(Job job, Random random, SortedDictionary<string, double> expected)
    {
        // Either side may be silent, and of what GitHub says any part may be missing.
        var hasAgent = random.Next(4) > 0;
        var actions = Actions.Where(_ => random.Next(8) > 0 && (!hasAgent || random.Next(10) > 0)).ToArray();
        var isToldByAgent = hasAgent && random.Next(6) > 0;
        var runner = string.Create(CultureInfo.InvariantCulture, $"runner_name=\"r{job.Runner}\",runner_type=\"chrome\",runner_scope=\"github.com/acme\"");
        if (isToldByAgent || actions.Contains("completed"))
        {
            Count($"github_runner_jobs_total{{{runner},status=\"{job.End.Status}\"}}");
            Count($"github_workflow_jobs_total{{repository=\"acme/shop\",workflow=\"CI\",status=\"{job.End.Status}\"}}");
        }

        if (actions.Contains("in_progress") || actions.Contains("completed"))
        {
            Count($"github_runner_job_queue_duration_seconds_count{{{runner}}}");
        }
        else if (actions.Contains("queued"))
        {
            Count("github_workflow_jobs_queued{runner_type=\"chrome\"}");
        }

        foreach (var action in actions)
        {
            var payload = Payload.Job(action, job.Describe).Bytes();
            yield return fleet => fleet.Take(payload);
        }

        if (hasAgent)
        {
            var knowsId = random.Next(3) > 0;
            var (started, completed) = job.AgentsWords(knowsId ? job.Id : 0, random.Next(-2, 3));
            yield return fleet => fleet.Take(started);
            if (isToldByAgent)
            {
                yield return fleet => fleet.Take(completed);
            }
        }

        void Count(string series) => expected[series] = expected.GetValueOrDefault(series) + 1;
    }

    private sealed record Job(int Id, int Runner, double Start, double Finish, int Wait, (string GitHubs, Conclusion Agents, string Status) End)
    {
        /// <summary>The whole history ends before the tests' noon.</summary>
        private const double Beginning = -40_000;

        public void Describe(System.Text.Json.Nodes.JsonObject job)
        {
            var isRun = job["runner_name"] is not null;
            (job["id"], job["check_run_url"], job["name"]) = (Id, null, Name);
            job["labels"] = new System.Text.Json.Nodes.JsonArray("self-hosted", "chrome");
            job["created_at"] = Payload.At(Beginning + Start - Wait);
            job["started_at"] = Payload.At(Beginning + (isRun ? Start : Start - Wait));
            if (isRun)
            {
                job["runner_name"] = RunnerName;
            }

            if (job["conclusion"] is not null)
            {
                (job["conclusion"], job["completed_at"]) = (End.GitHubs, Payload.At(Beginning + Finish));
            }
        }

        public (Event Started, Event Completed) AgentsWords(long checkRunId, int skew)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"job-{Id}");
            var runner = AgentEvents.Runner(RunnerName, "chrome");
            var started = AgentEvents.Started(key + "-s", key, Beginning + Start + skew).With(e => e.Runner = runner);
            var completed = AgentEvents.Completed(key + "-c", key, Beginning + Start + skew, Beginning + Finish + skew, End.Agents, runner);
            foreach (var job in (Contracts.V1.Job[])[started.JobStarted.Job, completed.JobCompleted.Job])
            {
                (job.CheckRunId, job.Name) = (checkRunId, Name);
            }

            return (started, completed);
        }

        private string Name => string.Create(CultureInfo.InvariantCulture, $"test ({Id})");

        private string RunnerName => string.Create(CultureInfo.InvariantCulture, $"r{Runner}");
    }
}

using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Traces;

/// <summary>Whoever speaks of a job, in any order: its trace is told once, by one of them, and the same after a restart.</summary>
public class TraceOrderTests
{
    private const long Id = 26920038674;
    private static readonly string JobSpan = TraceIds.JobSpanOf(Id);

    private static readonly Action<TracedFleet>[] Words =
    [
        fleet => fleet.Hear(GitHub("queued")),
        fleet => fleet.Hear(GitHub("in_progress")),
        fleet => fleet.Hear(GitHub("completed")),
        fleet => fleet.Hear(Of(AgentEvents.Started("s", "j", -89))),
        fleet => fleet.Hear(Of(AgentEvents.Completed("c", "j", -89, -41))),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Job_ToldInAnyOrder_HasOneSpanOfOneSource(bool restarts)
    {
        foreach (var order in Permutations.Of([0, 1, 2, 3, 4]))
        {
            using var fleet = new TracedFleet();
            foreach (var word in order)
            {
                Words[word](fleet);
                if (restarts)
                {
                    fleet.Restart();
                }
            }

            // The agent tells what GitHub had said nothing of by then.
            var isAgents = order[0] == 4 || (order[0] == 3 && order[1] == 4);
            var job = Assert.Single(fleet.Spans, span => span.Id == JobSpan);
            Assert.Equal(isAgents ? AgentEvents.Now.AddSeconds(-89) : AgentEvents.Now.AddSeconds(-100), job.From);
            Assert.Equal(isAgents ? ["run"] : ["queue-test", "Run tests"], fleet.Spans.Where(span => span.ParentId == JobSpan).Select(span => span.Name));
        }
    }

    [Fact]
    public void Job_ToldTwiceByGitHub_IsToldOnce()
    {
        using var fleet = new TracedFleet().Hear(GitHub("completed"), "delivery").Hear(GitHub("completed"), "delivery").Hear(GitHub("completed"), "another").Hear(GitHub("in_progress"), "late");
        Assert.Single(fleet.Spans, span => span.Id == JobSpan);
    }

    [Fact]
    public void Run_ReadAgain_HasTheSameSpans()
    {
        List<string>[] told = [[], []];
        foreach (var texts in told)
        {
            using var fleet = new TracedFleet(tellsStarts: true).Hear(GitHub("queued")).Hear(GitHub("in_progress")).Hear(GitHub("completed")).Hear(RunPayload.Run(-101, -39));
            texts.AddRange(fleet.Texts);
        }

        Assert.Equal(5, told[0].Count);
        Assert.Equal(told[0], told[1]);
    }

    [Fact]
    public void Job_LostAndThenReported_IsToldByWhoReportsIt()
    {
        using var fleet = new TracedFleet()
            .Hear(Of(AgentEvents.Completed("c", "j", -89, -41, JobCompleted.Types.Conclusion.Lost)))
            .Hear(GitHub("completed"));
        Assert.Equal(["test", "queue-test", "Run tests"], fleet.Spans.Select(span => span.Name));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Job_Started_IsASpanByOption(bool tellsStarts, int spans)
    {
        using var fleet = new TracedFleet(tellsStarts).Hear(GitHub("queued")).Hear(GitHub("in_progress"));

        Assert.Equal(spans, fleet.Spans.Count);
        Assert.All(fleet.Spans, span => Assert.Equal(("started-test", JobSpan, AgentEvents.Now.AddSeconds(-90)), (span.Name, span.ParentId, span.From)));
    }

    [Fact]
    public void Job_StartedAndNoGitHub_IsASpanOfTheAgents()
    {
        using var fleet = new TracedFleet(tellsStarts: true).Hear(Of(AgentEvents.Started("s", "j", -89)));
        Assert.Equal(("started-build", JobSpan), (Assert.Single(fleet.Spans).Name, fleet.Spans[0].ParentId));
    }

    [Fact]
    public void Job_OnARunnerOfAnotherExporters_IsNotTold()
    {
        using var fleet = new TracedFleet(options: new ExporterOptions { WebhookJobs = WebhookJobs.Known }).Hear(GitHub("completed"));
        Assert.Empty(fleet.Spans);
    }

    [Fact]
    public void Job_StepsWithoutUsableTimes_AreLeftOutAndTheJobCounts()
    {
        var payload = GitHub("completed");
        payload["workflow_job"]!["steps"]![0]!["started_at"] = "soon";
        using var fleet = new TracedFleet().Hear(payload);

        Assert.Equal(["test", "queue-test"], fleet.Spans.Select(span => span.Name));
        Assert.Contains("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"} 1", fleet.Exposition(), StringComparison.Ordinal);
    }

    // {repository="acme/shop",run_id="9753949763",check_run_id="26920038674",trace_id="0bd0afbe17036e89e4a05c993dace1da"}
    [Fact]
    public void Exemplar_OfATracedJob_NamesItsTrace()
    {
        using var fleet = new TracedFleet().Hear(GitHub("completed"));
        Assert.Contains($"check_run_id=\"{Id}\",trace_id=\"{TraceIds.TraceOf(RunPayload.RunId, 1)}\"}}", fleet.Exposition(), StringComparison.Ordinal);
    }

    [Fact]
    public void Exemplar_WithoutTraces_NamesNone()
    {
        using var fleet = new WebhookFleet();
        fleet.Take(GitHub("completed"));
        Assert.Contains($"check_run_id=\"{Id}\"}}", fleet.Text(), StringComparison.Ordinal);
    }

    private static System.Text.Json.Nodes.JsonObject GitHub(string action) => RunPayload.Job(Id, "test", -100, -90, -40, action: action, steps: ("Run tests", "success", -88, -42));

    private static Event Of(Event wire) => wire.With(told =>
    {
        var job = told.JobStarted?.Job ?? told.JobCompleted.Job;
        (job.RunId, job.CheckRunId) = (RunPayload.RunId, Id);
    });
}

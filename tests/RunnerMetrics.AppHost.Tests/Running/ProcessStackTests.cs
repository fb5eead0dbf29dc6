using System.Globalization;
using System.Text.Json.Nodes;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>The stack as processes: what a job, a kill and a command on the dashboard do to it.</summary>
public class ProcessStackTests(RunningProcesses stack)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FailingJob_SentToARunner_IsCountedByPrometheus()
    {
        Assert.SkipUnless(RunningProcesses.HasPrometheus, "prometheus is not on this machine: run ./test.sh, or apt-get install prometheus");
        await stack.ReadyAsync();
        var before = await FailedAsync("standard-1");

        var said = await stack.RunCommandAsync("standard-1", "send-failing-job");

        Assert.StartsWith("standard-1", said, StringComparison.Ordinal);
        await Until.TrueAsync(async () => await FailedAsync("standard-1") > before, () => $"the exporter counts no more failed jobs of standard-1 than the {before} before");
        var series = "nothing";
        await Until.TrueAsync(
            async () =>
            {
                var answer = await stack.AskPrometheusAsync("""github_runner_jobs_total{runner_name="standard-1",status="failed"}""");
                series = answer.ToJsonString();
                return answer.Any(sample => double.Parse(sample!["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture) > before);
            },
            () => $"Prometheus has no more failed jobs of standard-1 than the {before} before; it has {series}");
    }

    [Fact]
    public async Task Run_OfAJob_IsATraceWithItsWaitAndItsSteps()
    {
        await stack.ReadyAsync();
        await stack.RunCommandAsync("standard-1", "send-failing-job");
        IReadOnlyList<ReceivedSpan> spans = [];
        await Until.TrueAsync(
            () =>
            {
                spans = stack.Traces.TracesOf(span => span.Parent.Length == 0 && span.Name.StartsWith("RUN ", StringComparison.Ordinal));
                return Task.FromResult(spans.GroupBy(span => span.Trace).Any(trace =>
                    trace.Any(span => span.Name == "Set up job") && trace.Any(span => span.Name.StartsWith("queue-", StringComparison.Ordinal))));
            },
            () => $"no trace of a run has a wait and a set-up; there are {string.Join(", ", spans.Select(span => span.Name).Distinct())}");
    }

    [Fact]
    public async Task GitHub_OfTheStack_IsAskedByTheExporterAndKnowsItsRunners()
    {
        await stack.ReadyAsync();
        var told = "nothing";
        await Until.TrueAsync(
            async () =>
            {
                using var exporter = stack.App.CreateHttpClient("exporter", "http");
                told = await exporter.GetStringAsync(new Uri("/api/v1/github", UriKind.Relative), Cancelled);
                var view = JsonNode.Parse(told)!;
                return view["features"]!.AsArray().All(feature => (bool?)feature!["works"] == true)
                    && view["registered"]!.AsArray() is [{ } scope] && (string?)scope["scope"] == "github.com/acme" && (int)scope["registered"]! == 3;
            },
            () => $"the exporter does not have GitHub's view of three runners: {told}");
    }

    [Fact]
    public async Task Exporter_Killed_ComesBackWithWhatItHadCounted()
    {
        await stack.ReadyAsync();
        await Until.TrueAsync(async () => await stack.CountAsync("github_runner_jobs_total") > 0, () => "no job was counted");
        var program = Assert.Single(ProgramTree.Under(stack.ProcessOf("exporter")), process => process.ProcessName.StartsWith("runner-metrics", StringComparison.Ordinal));
        var before = await stack.CountAsync("github_runner_jobs_total");

        var said = await stack.RunCommandAsync("exporter", "kill");

        Assert.StartsWith("Killed exporter (process ", said, StringComparison.Ordinal);
        await program.WaitForExitAsync(Cancelled);
        await Until.EndedAsync(stack.App, "exporter");
        await stack.ReadyAsync();
        Assert.InRange((await stack.CountAsync("github_runner_jobs_total"))!.Value, before!.Value, double.MaxValue);
    }

    [Fact]
    public async Task Runner_Drained_EndsCanBeForgottenAndStartedAgain()
    {
        await stack.ReadyAsync();

        var said = await stack.RunCommandAsync("chrome-1", "drain");

        Assert.Matches(@"\Achrome-1 (takes no other job, and stops|has a job; it stops after it, and takes no other)\.\z", said);
        await Until.EndedAsync(stack.App, "chrome-1");
        await OnlineAsync("chrome-1", 0);
        Assert.StartsWith("Forgot chrome-1 (type chrome, ", await ForgetAsync("chrome-1"), StringComparison.Ordinal);
        await OnlineAsync("chrome-1", null);
        Assert.Contains(", and is not forgotten.", await ForgetAsync("standard-1"), StringComparison.Ordinal);
        Assert.StartsWith("There is no runner --help.", await ForgetAsync("--help"), StringComparison.Ordinal);
        await stack.ReadyAsync();
        await OnlineAsync("chrome-1", 1);
    }

    [Fact]
    public async Task Runner_Killed_DiesWithItsAgentAndComesBack()
    {
        await stack.ReadyAsync();
        var programs = ProgramTree.Under(stack.ProcessOf("chrome-go-1")).Concat(ProgramTree.Under(stack.ProcessOf("chrome-go-1-agent"))).ToList();
        Assert.True(programs.Count >= 2, "A runner is two programs at least.");

        var said = await stack.RunCommandAsync("chrome-go-1", "kill");

        Assert.Matches(@"\AKilled chrome-go-1 \(process \d+\) and chrome-go-1-agent \(process \d+\)\. ", said);
        foreach (var program in programs)
        {
            await program.WaitForExitAsync(Cancelled);
        }

        await Until.EndedAsync(stack.App, "chrome-go-1");
        await Until.EndedAsync(stack.App, "chrome-go-1-agent");
        await OnlineAsync("chrome-go-1", 0);
        await stack.ReadyAsync();
        await OnlineAsync("chrome-go-1", 1);
    }

    private async Task<string> ForgetAsync(string runner)
    {
        var result = await stack.TryCommandAsync("exporter", "forget-runner", new InteractionInput { Name = "name", InputType = InputType.Text, Value = runner });
        Assert.Equal(result.Message?.StartsWith("Forgot ", StringComparison.Ordinal), result.Success);
        return result.Message!;
    }

    private async Task OnlineAsync(string runner, double? status)
    {
        double? last = null;
        await Until.TrueAsync(
            async () => (last = await stack.CountAsync("github_runner_status", $"runner_name=\"{runner}\"")) == status,
            () => $"github_runner_status of {runner} is {last?.ToString(CultureInfo.InvariantCulture) ?? "absent"} where it has to be {status?.ToString(CultureInfo.InvariantCulture) ?? "absent"}");
    }

    private async Task<double> FailedAsync(string runner) => await stack.CountAsync("github_runner_jobs_total", $"runner_name=\"{runner}\"", "status=\"failed\"") ?? 0;
}

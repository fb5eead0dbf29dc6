using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.AutomationWorker.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Configuration;

/// <summary>The program itself.</summary>
public sealed class ExecutableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "runner-metrics-automation");

    private static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(Program, arguments, Cancelled);

    [Fact]
    public async Task Program_AuditOnce_SaysWhatItFoundAndEnds()
    {
        using var repository = await GitRepository.CreateAsync();
        repository.Write("plan.md", "- [x] one\n");
        var (code, output, _) = await RunAsync("audit", "--once", "--repository", repository.Path);

        Assert.Equal((0, "new commits: 0\nnew completion markers: 1\ncoverage: not measured\n"), (code, output));
        Assert.Equal(1, (await RunAsync("audit", "--once", "--repository", _folder.Path)).ExitCode);
    }

    [Fact]
    public async Task Program_WrongUsage_SaysEveryProblemAndEndsWithTwo()
    {
        var run = await RunAsync("watch", "--folder", "/nowhere", "--debounce", "5");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(4, run.ErrorLines.Length);
    }

    [Fact]
    public async Task Program_ToldToEnd_EndsWithZeroAndWithItsTestRun()
    {
        _folder.Write("run.sh", "echo $$ > running; exec sleep 600\n");
        await using var worker = RunningProgram.Start(
            Program, "watch", "--folder", _folder.Path, "--test-command", "/bin/sh run.sh", "--ignore", "running", "--http-port", "0", "--debounce", "0.1s");
        await worker.WaitForLineAsync("Ready");
        _folder.Write("a.cs", "1");
        var running = Path.Combine(_folder.Path, "running");
        await Wait.UntilAsync(() => File.Exists(running) && new FileInfo(running).Length > 0, "the tests run");
        var tests = (await File.ReadAllTextAsync(running, Cancelled)).Trim();
        await worker.SignalAsync("TERM");

        Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        await Wait.UntilAsync(() => !Directory.Exists($"/proc/{tests}"), "the test run has ended");
    }

    [Fact]
    public async Task Program_Demo_ShowsFilesRunsAuditsAndTheMachineAndLeavesNothing()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "git is not on this machine: apt-get install git");
        var start = new ProcessStartInfo(Program, ["demo", "--http-port", "0"]) { Environment = { ["TMPDIR"] = _folder.Path } };
        await using var demo = RunningProgram.Start(start);
        var address = new Uri((await demo.WaitForLineAsync("Ready: metrics at (.*)")).Groups[1].Value);

        await Scraped.UntilAsync(
            address,
            scrape => scrape["test_watcher_files_processed_total"] >= 2 && scrape["test_watcher_tests_run_total{status=\"pass\"}"] >= 1
                && scrape["audit_agent_runs_total{trigger=\"schedule\"}"] >= 2 && scrape["audit_agent_git_commits_detected_total"] >= 1
                && scrape["audit_agent_completion_markers_found_total"] >= 2 && scrape["system_cpu_percent"] is not null && scrape["process_open_fds"] > 0,
            Cancelled);
        var seen = await Scraped.ReadAsync(address, Cancelled);
        Assert.Equal((0, 0), (seen.Sum("test_watcher_errors_total"), seen.Sum("audit_agent_errors_total")));
        Assert.Equal(0, seen.Sum("test_watcher_tests_run_total", "fail") + seen.Sum("test_watcher_tests_run_total", "error"));
        await Promtool.CheckAsync(seen.Text, Cancelled);
        await demo.SignalAsync("TERM");
        Assert.Equal(0, (await demo.EndAsync()).ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path, "runner-metrics-demo-*"));
    }

    [Fact]
    public async Task Program_OtlpEndpoint_IsSentTheSameInstruments()
    {
        var received = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var collector = builder.Build();
        collector.MapPost("/v1/metrics", async context =>
        {
            using var body = new StreamReader(context.Request.Body, Encoding.Latin1);
            received.Enqueue(await body.ReadToEndAsync(Cancelled));
        });
        await collector.StartAsync(Cancelled);
        var start = new ProcessStartInfo(Program, ["audit", "--repository", _folder.Path, "--http-port", "0"])
        {
            Environment = { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
        };

        // What waits is sent at the end, in seconds, which a busy machine can exceed: then it is run again.
        await Wait.UntilAsync(
            async () =>
            {
                await using var worker = RunningProgram.Start(start);
                await worker.WaitForLineAsync("Ready");
                await worker.SignalAsync("TERM");
                Assert.Equal(0, (await worker.EndAsync()).ExitCode);
                return !received.IsEmpty;
            },
            "what waits is sent at the end");
        var sent = received.Last();
        Assert.All(
            ["runner-metrics-automation", "RunnerMetrics.Automation", "audit_agent_runs_total", "process_resident_memory_bytes", "system_memory_percent"],
            name => Assert.Contains(name, sent, StringComparison.Ordinal));
    }
}

using System.Globalization;
using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.EndToEnd.Tests.Dashboards;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.AutomationPlatform;

/// <summary>
/// Eight hours of a platform, and what it knows that it did: people edit and tests run, with an idle time of an hour, a time in which an API fails and one in which it
/// refuses calls, a watcher that stands still, a bridge whose calls run out of time, and a restart of the process.
/// </summary>
internal sealed class SimulatedPlatform(DateTimeOffset end) : IDisposable
{
    public const string Target = "job=\"automation\",instance=\"worker:9464\"";
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(2);

    private const double Hours = 8;
    private const double RestartsAt = 5;
    private static readonly TimeSpan BridgeLimit = TimeSpan.FromSeconds(5);
    private readonly ManualTimeProvider _clock = new(end.AddHours(-Hours));
    private PlatformProcess? _process;
    private int _steps;

    public DateTimeOffset Start { get; } = end.AddHours(-Hours);

    public DateTimeOffset End { get; } = end;

    public Dictionary<TestOutcome, int> Tests { get; } = new() { [TestOutcome.Pass] = 0, [TestOutcome.Fail] = 0, [TestOutcome.Error] = 0 };

    public int Files { get; private set; }

    public List<double> TestRuns { get; } = [];

    public List<(string Api, ApiCallEnd End, double Seconds)> ApiCalls { get; } = [];

    /// <summary>Tokens of an API, without those of its first answer: nobody sees a counter grow that is created with it.</summary>
    public Dictionary<string, long> TokensAfterTheFirst { get; } = [];

    public Dictionary<AuditTrigger, int> Audits { get; } = new() { [AuditTrigger.Schedule] = 0, [AuditTrigger.Demand] = 0 };

    public DateTimeOffset LastAudit { get; private set; }

    public double Coverage { get; private set; }

    public int Commits { get; private set; }

    public int BridgeCalls { get; private set; }

    public int BridgeTimeouts { get; private set; }

    public int Restarts { get; private set; }

    private PlatformProcess Process => _process!;

    /// <summary>Lives through all of it, and writes what scrapes showed.</summary>
    public async Task RecordAsync(TextWriter output, CancellationToken cancelled)
    {
        _process = new PlatformProcess(_clock);
        Process.Watcher.SetRunning(true);
        for (var at = Start; at <= End; at += Step, _steps++)
        {
            await LiveUntilAsync(at, cancelled);
            var isDown = at == Start.AddHours(RestartsAt);
            if (isDown)
            {
                Restart(); // nobody scrapes it meanwhile
            }
            else
            {
                await ScrapeAsync(output, cancelled);
            }

            await output.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"up{{{Target}}} {(isDown ? 0 : 1)} {at.ToUnixTimeSeconds()}\n"));
        }

        await output.WriteAsync("# EOF\n");
    }

    public void Dispose() => _process?.Dispose();

    // When its process began is the real one's: the simulated one's is in its place.
    private async Task ScrapeAsync(TextWriter output, CancellationToken cancelled)
    {
        var lines = (await Process.ScrapeAsync(cancelled)).Split('\n').Where(line => !line.StartsWith("process_start_time_seconds", StringComparison.Ordinal));
        var started = string.Create(CultureInfo.InvariantCulture, $"process_start_time_seconds {Process.StartedAt.ToUnixTimeSeconds()}");
        ScrapedSamples.Write(output, string.Join('\n', lines.Append(started)), Target, _clock.GetUtcNow());
    }

    private async Task LiveUntilAsync(DateTimeOffset at, CancellationToken cancelled)
    {
        var hour = (at - Start).TotalHours;
        if (hour > 0 && hour is not (>= 2 and < 3) && hour != RestartsAt)
        {
            var isStopped = hour is >= 6.5 and < 6.75;
            Process.Watcher.SetRunning(!isStopped);
            if (!isStopped)
            {
                Batch(hour);
            }

            Call(2 + (_steps % 3));
            for (var i = 0; hour is >= 6 and < 6.4 && i < 2; i++)
            {
                await RunOutOfTimeAsync(cancelled);
            }
        }

        if (hour > 0 && (_steps % 15 == 0 || _steps is 40 or 100 or 200) && hour != RestartsAt)
        {
            Audit(_steps % 15 == 0 ? AuditTrigger.Schedule : AuditTrigger.Demand);
        }

        Assert.True(_clock.GetUtcNow() <= at, "more was done than there was time for");
        _clock.Advance(at - _clock.GetUtcNow());
    }

    private void Batch(double hour)
    {
        var watcher = Process.Watcher;
        var files = 1 + (_steps % 3);
        watcher.SetChangedFiles(files);
        using (watcher.TimeDebounce())
        {
            _clock.Advance(TimeSpan.FromMilliseconds(200 + (50 * (_steps % 7))));
        }

        var failed = _steps % 4 == 0 ? 2 : 0;
        using (watcher.TimeProcessing())
        {
            using (watcher.TimeTestExecution())
            {
                var seconds = 4 + (_steps * 7 % 40);
                TestRuns.Add(seconds);
                _clock.Advance(TimeSpan.FromSeconds(seconds));
            }

            Ran(TestOutcome.Pass, 20 - failed);
            Ran(TestOutcome.Fail, failed);
            Ran(TestOutcome.Error, _steps % 25 == 0 ? 1 : 0);
            watcher.RecordFilesProcessed(files);
            Files += files;
        }

        if (_steps % 20 == 7)
        {
            watcher.RecordError(TestWatcherErrors.Report);
        }

        watcher.SetChangedFiles(0);
        Explain("deepseek", EndOf(hour));
        if (_steps % 3 == 0)
        {
            Explain("perplexity", _steps % 30 == 0 ? ApiCallEnd.Cancelled : ApiCallEnd.Success);
        }

        void Ran(TestOutcome outcome, int count)
        {
            watcher.RecordTestRuns(outcome, count);
            Tests[outcome] += count;
        }
    }

    private ApiCallEnd EndOf(double hour) => hour switch
    {
        >= 3.5 and < 4 => _steps % 3 == 0 ? ApiCallEnd.Success : _steps % 3 == 1 ? ApiCallEnd.ServerError : ApiCallEnd.Timeout,
        >= 4 and < 4.6 => _steps % 4 == 0 ? ApiCallEnd.RateLimited : ApiCallEnd.Success,
        _ => ApiCallEnd.Success,
    };

    private void Explain(string name, ApiCallEnd end)
    {
        var api = Process.Apis[name];
        var seconds = 1 + (_steps % 5 * 0.5);
        api.RecordCall(end, TimeSpan.FromSeconds(seconds));
        Process.Watcher.RecordApiCall(name, end);
        ApiCalls.Add((name, end, seconds));
        if (end == ApiCallEnd.Success)
        {
            api.RecordResponseTime(TimeSpan.FromSeconds(seconds / 2));
            var (prompt, completion) = (800 + (_steps % 9 * 10), 200 + (_steps % 4 * 10));
            api.RecordTokens(new TokenUsage(prompt, completion));
            TokensAfterTheFirst[name] = TokensAfterTheFirst.TryGetValue(name, out var before) ? before + prompt + completion : 0;
        }
    }

    private void Audit(AuditTrigger trigger)
    {
        var agent = Process.Audits;
        using (agent.BeginTask())
        using (agent.TimeRun())
        {
            foreach (var seconds in (double[])[0.2, 0.8, 1.5])
            {
                using (agent.TimeAnalysis())
                {
                    _clock.Advance(TimeSpan.FromSeconds(seconds));
                }
            }

            var commits = _steps % 4;
            agent.RecordCommits(commits);
            Commits += commits;
            agent.RecordCompletionMarkers(_steps % 2);
            if (_steps == 100)
            {
                agent.RecordError(AuditErrors.Documents);
            }
            else if (_steps > 20)
            {
                Coverage = 70 + (_steps / 30.0);
                agent.SetCoverage(Coverage);
            }
        }

        agent.RecordRun(trigger);
        Audits[trigger]++;
        LastAudit = _clock.GetUtcNow();
    }

    private void Call(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            BridgeCalls++;
            Process.Bridge.Run(_ =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(20));
                return Task.CompletedTask;
            });
        }

        if (_steps % 12 == 0)
        {
            BridgeCalls++;
            Assert.Throws<InvalidOperationException>(() => Process.Bridge.Run(_ => throw new InvalidOperationException("as a call does that fails")));
        }
    }

    // Its work has ended, too, before anything else happens: one scrape is to show what is known.
    private async Task RunOutOfTimeAsync(CancellationToken cancelled)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = Task.Run(
            () => Process.Bridge.Run(
                async token =>
                {
                    begun.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                },
                BridgeLimit,
                CancellationToken.None),
            cancelled);
        await begun.Task.WaitAsync(Patience.Limit, cancelled);
        _clock.Advance(BridgeLimit);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        (BridgeCalls, BridgeTimeouts) = (BridgeCalls + 1, BridgeTimeouts + 1);
        await Wait.UntilAsync(
            async () => Scraped.Of(await Process.ScrapeAsync(cancelled))["safe_async_bridge_pending_tasks"] == 0,
            () => "The bridge does not let go of a call that ran out of time.",
            cancelled);
    }

    private void Restart()
    {
        Process.Dispose();
        _process = new PlatformProcess(_clock);
        Process.Watcher.SetRunning(true);
        Restarts++;
    }
}

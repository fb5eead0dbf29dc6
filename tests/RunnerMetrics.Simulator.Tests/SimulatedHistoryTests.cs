using System.Globalization;
using System.Text.RegularExpressions;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests;

public partial class SimulatedHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_SameSeed_WritesTheSameFiles()
    {
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        Assert.Equal(SimulatedHistory.Write(one.Path, 20, Start, seed: 7), SimulatedHistory.Write(other.Path, 20, Start, seed: 7));
        Assert.Equal(one.Lines("Runner"), other.Lines("Runner"));
        Assert.Equal(one.Lines("Worker"), other.Lines("Worker"));
    }

    [Fact]
    public void Write_AnotherClock_DoesTheSameJobs()
    {
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var now = SimulatedHistory.Write(one.Path, 20, Start, seed: 7);
        var later = SimulatedHistory.Write(other.Path, 20, Start.AddDays(400).AddSeconds(0.3), seed: 7);
        Assert.Equal(now.Select(What), later.Select(What));

        static object What(SimulatedJob job) => job with { StartedAt = default, CompletedAt = null };
    }

    [Fact]
    public void Write_Jobs_AllStandInTheListenersLog()
    {
        using var folder = new TemporaryFolder();
        var did = SimulatedHistory.Write(folder.Path, 120, Start, seed: 1);
        Assert.Equal(120, did.Count);
        Assert.Contains(did, job => job.Conclusion == JobConclusion.Lost);
        var running = folder.Lines("Runner").Select(line => Running().Match(line)).Where(match => match.Success);
        Assert.Equal(did.Select(job => $"{job.StartedAt:u}: {job.Name}"), running.Select(match => $"{match.Groups[1].Value}: {match.Groups[2].Value}"));
        var completed = folder.Lines("Runner").Select(line => Completed().Match(line)).Where(match => match.Success);
        Assert.Equal(
            did.Where(job => job.CompletedAt is not null).Select(job => $"{job.CompletedAt:u}: {job.Name}"),
            completed.Select(match => $"{match.Groups[1].Value}: {match.Groups[2].Value}"));
    }

    [Fact]
    public void Write_Lines_NeverGoBackInTime()
    {
        using var folder = new TemporaryFolder();
        SimulatedHistory.Write(folder.Path, 30, Start, seed: 2);
        foreach (var prefix in (string[])["Runner", "Worker"])
        {
            var last = DateTimeOffset.MinValue;
            foreach (var line in folder.Lines(prefix).Where(line => line.StartsWith("[20", StringComparison.Ordinal)))
            {
                var time = DateTimeOffset.ParseExact(line[1..21], "u", CultureInfo.InvariantCulture);
                Assert.True(time >= last, $"'{line}' comes after {last:u}.");
                last = time;
            }
        }
    }

    [Fact]
    public void Write_Durations_AreThePlannedOnes()
    {
        using var folder = new TemporaryFolder();
        var did = SimulatedHistory.Write(folder.Path, 60, Start, seed: 4);
        var profile = new LoadProfile("standard", 4);
        foreach (var job in did)
        {
            var plan = profile.Next();

            // Hooks, interrupts and the second's resolution come on top.
            if (plan.Outcome is JobOutcome.Success or JobOutcome.StepFails)
            {
                Assert.Equal(plan.Duration.TotalSeconds, (job.CompletedAt!.Value - job.StartedAt).TotalSeconds, 1.5);
            }
        }
    }

    [Fact]
    public async Task Run_Speed_ShortensJobsAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var clock = new HistoryClock(Start);
        var did = new List<SimulatedJob>();
        var job = Stories.Job([new("Run make", "make", TimeSpan.FromSeconds(298))], JobOutcome.Success);
        var options = new SimulatorOptions { DiagDirectory = folder.Path, RunnerName = "r", Speed = 60, Jobs = 1 };
        await new SimulatedRunner(options, clock, () => job) { OnJobFinished = did.Add }.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(5, (did[0].CompletedAt!.Value - did[0].StartedAt).TotalSeconds);
    }

    [GeneratedRegex("WRITE LINE: (.{20}): Running job: (.*)$")]
    private static partial Regex Running();

    [GeneratedRegex("WRITE LINE: (.{20}): Job (.*) completed with result: [A-Za-z]+$")]
    private static partial Regex Completed();
}

using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Exposition;
using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

/// <summary>The journal, the commit loop and the fleet on a folder of the test's own, without a server around them.</summary>
internal sealed class JournalRig : IAsyncDisposable
{
    private static readonly FleetOptions Limits = new();
    private static readonly EventReader Reader = new(Wire.Now, TimeSpan.Zero, Wire.Now, TimeSpan.FromDays(35));

    private JournalRig(IStorageFolder storage, JournalOptions options, TimeProvider time)
    {
        Fleet = new Fleet(Registry, Limits);
        Loop = new CommitLoop(Fleet, Limits, Registry, time, NullLogger<CommitLoop>.Instance);
        var journal = FleetRecovery.Open(storage, options, Fleet, Limits, Registry, out var recovery);
        Recovery = recovery;
        Metrics = new JournalMetrics(Registry);
        Loop.Start(journal, Metrics);
    }

    public MetricRegistry Registry { get; } = new();

    public Fleet Fleet { get; }

    public CommitLoop Loop { get; }

    public JournalMetrics Metrics { get; }

    public JournalRecovery Recovery { get; }

    public static JournalRig Start(IStorageFolder storage, JournalOptions? options = null, TimeProvider? time = null) =>
        new(storage, options ?? new JournalOptions(), time ?? new ManualTimeProvider(Wire.Now));

    public Task<ApplyOutcome[]> SubmitAsync(params IEnumerable<Event> events) =>
        OutcomesAsync([.. events.Select(wire => JournalEntries.Of(wire, Reader.Read(wire).Event!, default))]);

    public Task<ApplyOutcome[]> SubmitAsync(string sender, params IEnumerable<Event> events) =>
        OutcomesAsync([.. events.Select(wire => JournalEntries.Of(wire, Reader.Read(wire).Event!, new EventSource(sender, wire.Sequence)))]);

    private async Task<ApplyOutcome[]> OutcomesAsync(CommitItem[] items) => [.. (await Loop.SubmitAsync(items)).Select(result => result.Outcome)];

    /// <summary>Why something was refused; null where it was not.</summary>
    public static async Task<JournalUnavailableException?> RefusalAsync(Task answer)
    {
        try
        {
            await answer;
            return null;
        }
        catch (JournalUnavailableException e)
        {
            return e;
        }
    }

    /// <summary>What is told of runners and jobs.</summary>
    public string Text(ExpositionFormat format = ExpositionFormat.Text)
    {
        using var snapshot = Registry.Snapshot(format);
        var bytes = new List<byte>();
        foreach (var piece in snapshot.Pieces)
        {
            bytes.AddRange(piece.Span);
        }

        return string.Join('\n', System.Text.Encoding.UTF8.GetString([.. bytes]).Split('\n').Where(line => line.StartsWith("github_", StringComparison.Ordinal)));
    }

    /// <summary>How many jobs each runner is said to have ended with success; nothing for those with none.</summary>
    public Dictionary<string, string> Successes() => Samples.Of(Text(), "github_runner_jobs_total", "status=\"success\"")
        .Where(sample => sample.Value != "0").ToDictionary(sample => sample.Key, sample => sample.Value);

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        Registry.Dispose();
    }
}

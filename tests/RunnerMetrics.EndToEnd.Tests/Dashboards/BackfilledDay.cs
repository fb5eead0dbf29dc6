using System.Globalization;
using System.Text;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>
/// A day that the exporter told of, in a real Prometheus: what it answered every two minutes, stored under the times that its clock showed, and what the recording rules
/// would have recorded beside it. In the day: a restart, an idle night, a runner that dies.
/// </summary>
public sealed class BackfilledDay : IAsyncLifetime
{
    private const double RestartsAt = 17;
    private static readonly TimeSpan BetweenEvaluations = TimeSpan.FromMinutes(4);
    private readonly string _rules = Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules", "*.yml");

    internal PrometheusServer Prometheus { get; private set; } = null!;

    internal SimulatedDay Day { get; private set; } = null!;

    /// <summary>The last moment for which the recording rules were evaluated.</summary>
    internal DateTimeOffset LastEvaluation => Day.Start + (BetweenEvaluations * Math.Floor((Day.End - Day.Start) / BetweenEvaluations));

    /// <summary>The rules, each with what it asks for.</summary>
    internal IReadOnlyList<(string Name, string Expression, bool IsRecording)> Rules { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists("/usr/bin/promtool") || !File.Exists("/usr/bin/prometheus"))
        {
            return; // the tests skip themselves, and say so
        }

        var cancelled = TestContext.Current.CancellationToken;
        var now = TimeProvider.System.GetUtcNow();
        Day = new SimulatedDay(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero));
        var (raw, full) = (Directory.CreateTempSubdirectory("runner-metrics-day-"), Directory.CreateTempSubdirectory("runner-metrics-day-"));
        try
        {
            await StartAsync(raw, full, cancelled);
        }
        catch
        {
            full.Delete(recursive: true);
            throw;
        }
        finally
        {
            if (Directory.Exists(raw.FullName))
            {
                raw.Delete(recursive: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Prometheus is { } prometheus)
        {
            await prometheus.DisposeAsync();
        }
    }

    private async Task StartAsync(DirectoryInfo raw, DirectoryInfo full, CancellationToken cancelled)
    {
        var samples = Path.Combine(raw.FullName, "day.txt");
        await using (var output = new StreamWriter(samples, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 20 }))
        {
            await RecordAsync(output, cancelled);
        }

        await StoreAsync(samples, raw, cancelled);
        await StoreAsync(samples, full, cancelled);
        var (first, second) = (Path.Combine(full.FullName, "first.txt"), Path.Combine(full.FullName, "second.txt"));
        await using (var before = await PrometheusServer.StartOnHistoryAsync(raw, _rules, cancelled))
        {
            Rules = await before.RulesAsync(cancelled);
            await File.WriteAllTextAsync(first, await EvaluateAsync(before, rule => !StandsOnOthers(rule), cancelled), cancelled);
        }

        // What looks back over something recorded finds it stored.
        await StoreAsync(first, full, cancelled);
        await using (var between = await PrometheusServer.StartOnHistoryAsync(Copy(full), Path.Combine(full.FullName, "none*.yml"), cancelled))
        {
            await File.WriteAllTextAsync(second, await EvaluateAsync(between, StandsOnOthers, cancelled), cancelled);
        }

        await StoreAsync(second, full, cancelled);
        Prometheus = await PrometheusServer.StartOnHistoryAsync(full, Path.Combine(full.FullName, "none*.yml"), cancelled);
    }

    private async Task RecordAsync(StreamWriter output, CancellationToken cancelled)
    {
        await using var exporter = await DaysExporter.StartAsync(Day.Start, cancelled);
        var deployments = new DeploymentDay(Day.Start);
        var machines = new MachineSamples();
        for (var at = Day.Start; at <= Day.End; at += SimulatedDay.Step)
        {
            var (fleet, deployed) = (Day.Next(at), deployments.Next(at));
            await exporter.TellAsync(at, [.. fleet.Events, .. deployed.Events], [.. fleet.Webhooks, .. deployed.Webhooks], cancelled);
            machines.Write(output, at, Day.Running);
            if (at == Day.At(RestartsAt))
            {
                await exporter.RestartAsync(cancelled); // nobody scrapes it meanwhile
            }
            else
            {
                await exporter.WriteScrapeAsync(output, cancelled);
            }
        }

        await output.WriteAsync("# EOF\n");
    }

    private bool StandsOnOthers((string Name, string Expression, bool IsRecording) rule) =>
        Rules.Any(other => other.IsRecording && other.Name != rule.Name && rule.Expression.Contains(other.Name, StringComparison.Ordinal));

    // A Prometheus's folder goes with it.
    private static DirectoryInfo Copy(DirectoryInfo folder)
    {
        var copy = Directory.CreateTempSubdirectory("runner-metrics-day-");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder.FullName, "data"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.FullName, Path.GetRelativePath(folder.FullName, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    // A rule may stand on one that is recorded in the same step: the latter's expression is put in its place.
    private async Task<string> EvaluateAsync(PrometheusServer prometheus, Func<(string Name, string Expression, bool IsRecording), bool> isMeant, CancellationToken cancelled)
    {
        var (text, known) = (new StringBuilder(), new Dictionary<string, string>());
        foreach (var (name, expression, _) in Rules.Where(rule => rule.IsRecording && isMeant(rule)))
        {
            known[name] = known.Aggregate(expression, (replaced, rule) => replaced.Replace(rule.Key, $"({rule.Value})", StringComparison.Ordinal));
            foreach (var (labels, points) in await prometheus.QueryRangeAsync(known[name], Day.Start, Day.End, IntervalOf(name), cancelled))
            {
                var selector = string.Join(',', labels.Where(label => label.Key != "__name__").Select(label => $"{label.Key}=\"{label.Value}\""));
                foreach (var (time, value) in points)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{{{selector}}} {value} {time}\n");
                }
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    // What counts since the evaluation before is evaluated as often as its name says.
    private static TimeSpan IntervalOf(string rule) => rule.EndsWith(":increase1m", StringComparison.Ordinal) ? TimeSpan.FromMinutes(1) : BetweenEvaluations;

    // Blocks of two hours, as they are without the option, would each read the whole file.
    internal static async Task StoreAsync(string samples, DirectoryInfo folder, CancellationToken cancelled) => Assert.Equal(
        (0, ""),
        await Promtool.RunAsync(["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=1440h", samples, Path.Combine(folder.FullName, "data")], cancelled));
}

using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using RunnerMetrics.Agent.Telemetry;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Docs;

/// <summary>docs/telemetry.md lists the spans and the instruments that the programs have, and no others.</summary>
public partial class OwnTelemetryTests
{
    private static readonly string Page = Path.Combine(RepositoryFolder.Path, "docs", "telemetry.md");

    [Fact]
    public void Instruments_OfTheServices_AreThoseOfThePage()
    {
        List<string> instruments = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                var service = instrument.Meter.Name == ExporterTelemetry.SourceName ? "exporter" : instrument.Meter.Name == AgentTelemetry.SourceName ? "agent" : null;
                if (service is not null)
                {
                    instruments.Add($"| {service} | `{instrument.Name}` | {KindOf(instrument)} | {instrument.Unit} | {instrument.Description} |");
                }
            },
        };
        RuntimeHelpers.RunClassConstructor(typeof(ExporterTelemetry).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(AgentTelemetry).TypeHandle);
        listener.Start();

        Assert.Equal(instruments.Order(StringComparer.Ordinal), RowsUnder("## Measurements"));
    }

    [Fact]
    public void Spans_OfTheServices_AreThoseOfThePage()
    {
        var written = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Span().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Distinct().Order(StringComparer.Ordinal);

        // Those of requests are ASP.NET Core's, and those of runs have their names from GitHub.
        var listed = RowsUnder("## Spans").SelectMany(row => Name().Matches(row.Split('|')[2]).Select(match => match.Groups[1].Value))
            .Where(name => !name.StartsWith("GET ", StringComparison.Ordinal) && !name.StartsWith("POST ", StringComparison.Ordinal) && !name.StartsWith("RUN ", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Assert.Equal(written, listed);
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0].ToLowerInvariant();

    private static IEnumerable<string> RowsUnder(string heading) => File.ReadLines(Page).SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| exporter |", StringComparison.Ordinal) || line.StartsWith("| agent |", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    // ExporterTelemetry.StartSpan("ingest"), AgentTelemetry.Source.StartActivity("deliver", ActivityKind.Client)
    [GeneratedRegex("Telemetry\\.(?:StartSpan|Source\\.StartActivity)\\(\"([^\"]+)\"")]
    private static partial Regex Span();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}

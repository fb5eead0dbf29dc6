using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using RunnerMetrics.Agent;
using RunnerMetrics.EndToEnd.Tests.Release;
using RunnerMetrics.EndToEnd.Tests.Runners;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Compatibility;

/// <summary>
/// What a released version wrote is read by this one. Each release leaves a folder in tests/releases: its store, the spool of its agent (Agent.Tests reads it), and what it showed.
/// <c>UPDATE_FIXTURES=1</c> writes that of the version at hand, once, before it is released; afterwards it is never changed.
/// </summary>
public sealed class ReleasedStoreTests : IDisposable
{
    private static readonly string Releases = Path.Combine(RepositoryFolder.Path, "tests", "releases");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Versions() => [.. Directory.EnumerateDirectories(Releases).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Store_OfARelease_ShowsWhatItShowed(string version)
    {
        var data = CopyOfStore(version);
        var check = await RunAsync(typeof(ExporterApplication).Assembly, "store", "check", "--data", data);
        Assert.True(check.ExitCode == 0, check.Said);

        await using var exporter = Start(data);
        var (http, _) = await exporter.ReadyAsync();
        var scraped = await Scraped.ReadAsync(http, Cancelled);

        AssertShows(await CountedByAsync(version), scraped);
    }

    // As after a rollback. A program of another version is built from its tag; the one at hand shows that the test can do what it does.
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Store_OfTheVersionAtHand_IsReadOrRefusedByTheProgramOf(string version)
    {
        var data = CopyOfStore(BuiltRelease.Version);
        var store = Path.Combine(data, "store.db");
        var before = await File.ReadAllBytesAsync(store, Cancelled);
        string[] arguments = ["--data", data, "--http-port", "0", "--grpc-port", "0"];
        await using var exporter = RunningProgram.Start(
            version == BuiltRelease.Version ? Programs.Start(typeof(ExporterApplication).Assembly, arguments) : new ProcessStartInfo("dotnet", ["exec", await BuildTaggedAsync(version), .. arguments]));
        var begun = await exporter.WaitForLineAsync("Ready: metrics at (?<http>.*)/metrics,|run the version that wrote it, or a later one");
        if (begun.Groups["http"].Success)
        {
            // It does not know what was added since.
            var known = (await CountedByAsync(version)).Select(line => line.Split('{')[0]).ToHashSet();
            AssertShows((await CountedByAsync(BuiltRelease.Version)).Where(line => known.Contains(line.Split('{')[0])), await Scraped.ReadAsync(new Uri(begun.Groups["http"].Value), Cancelled));
        }
        else
        {
            Assert.NotEqual(0, (await exporter.EndAsync()).ExitCode);
            Assert.Equal(before, await File.ReadAllBytesAsync(store, Cancelled));
        }
    }

    [Fact]
    public async Task Fixture_OfTheVersionAtHand_IsThere()
    {
        var folder = Path.Combine(Releases, BuiltRelease.Version);
        if (Environment.GetEnvironmentVariable("UPDATE_FIXTURES") == "1")
        {
            await WriteAsync(Directory.CreateDirectory(folder).FullName);
        }

        Assert.True(Directory.Exists(folder), $"{folder} is missing: UPDATE_FIXTURES=1 with this test writes it.");
        Assert.Equal(["counted.txt", "spool", "store.db"], Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string[]> CountedByAsync(string version)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Releases, version, "counted.txt"), Cancelled);
        Assert.True(lines.Length > 100, $"Only {lines.Length} samples of {version} are expected.");
        return lines;
    }

    private static void AssertShows(IEnumerable<string> expected, Scraped scraped) =>
        Assert.All(expected, line => Assert.Equal(line, LineOf(line[..line.LastIndexOf(' ')], scraped[line[..line.LastIndexOf(' ')]])));

    private string CopyOfStore(string version)
    {
        var data = Directory.CreateDirectory(_folder.File("data")).FullName;
        File.Copy(Path.Combine(Releases, version, "store.db"), Path.Combine(data, "store.db"));
        return data;
    }

    // Returns the exporter's assembly.
    private async Task<string> BuildTaggedAsync(string version)
    {
        var checkout = _folder.File("checkout");
        var clone = await ProcessRun.RunAsync("git", ["clone", "--quiet", "--shared", "--branch", $"v{version}", RepositoryFolder.Path, checkout], Cancelled);
        Assert.SkipUnless(clone.ExitCode == 0, $"The tag v{version} is not in this clone: git fetch --tags. {clone.Said}");
        var build = await ProcessRun.RunAsync("dotnet", ["build", Path.Combine(checkout, "src", "RunnerMetrics.Exporter"), "--output", Path.Combine(checkout, "out"), "-v", "q", "-nologo"], Cancelled);
        Assert.True(build.ExitCode == 0, build.Said);
        return Path.Combine(checkout, "out", "runner-metrics-exporter.dll");
    }

    private static RunningProgram Start(string data) => ExporterProcess.Start("--data", data, "--http-port", "0", "--grpc-port", "0");

    private static Task<ProcessRun> RunAsync(Assembly program, params string[] arguments) => ProcessRun.RunAsync(Programs.Start(program, arguments), Cancelled);

    // Jobs of every kind that the simulator knows, deployments, an incident; then jobs that the agent could not deliver.
    private async Task WriteAsync(string into)
    {
        var (data, diag, spool, hooks) = (_folder.File("written"), _folder.File("_diag"), _folder.File("spool"), Directory.CreateDirectory(_folder.File("hooks")).FullName);
        string[] collector;
        await using (var exporter = Start(data))
        {
            var (http, grpc) = await exporter.ReadyAsync();
            collector = ["--collector", grpc.ToString()];
            await MustAsync(typeof(SimulatedRunner).Assembly, "--diag", diag, "--hooks", hooks, "--runner-name", "build-7", "--seed", "7", "--speed", "1000", "--jobs", "40");
            await Deliver.AllAsync(() => RunAsync(typeof(AgentApplication).Assembly, ["run", "--once", "--diag", diag, "--hooks", hooks, "--spool", spool, "--runner-type", "standard", .. collector]));
            string[] of = ["--repository", "acme/shop", "--server-url", "https://github.com", .. collector];
            await MustAsync(typeof(AgentApplication).Assembly, ["deployment", "report", "--id", "1", "--state", "success", "--sha", new string('a', 40), "--committed-at", "2026-11-01T10:00:00Z", .. of]);
            await MustAsync(typeof(AgentApplication).Assembly, ["deployment", "report", "--id", "2", "--state", "failure", "--sha", new string('b', 40), .. of]);
            await MustAsync(typeof(AgentApplication).Assembly, ["incident", "report", "--id", "77", "--deployment-id", "1", .. of]);
            await File.WriteAllLinesAsync(Path.Combine(into, "counted.txt"), await CountedAsync(http), Cancelled);
        }

        var backup = Path.Combine(into, "store.db");
        File.Delete(backup);
        await MustAsync(typeof(ExporterApplication).Assembly, "store", "backup", backup, "--data", data);
        File.Delete(backup + "-wal");
        await MustAsync(typeof(SimulatedRunner).Assembly, "--diag", diag, "--runner-name", "build-7", "--seed", "8", "--speed", "1000", "--jobs", "3");
        await RunAsync(typeof(AgentApplication).Assembly, ["run", "--once", "--diag", diag, "--spool", spool, "--runner-type", "standard", "--collector", "http://127.0.0.1:1"]);
        File.Copy(Path.Combine(spool, "spool"), Path.Combine(into, "spool"), overwrite: true);
    }

    // Counters and histograms are what a later version must not change; gauges depend on the hour.
    private static async Task<IEnumerable<string>> CountedAsync(Uri http)
    {
        var scraped = await Scraped.ReadAsync(http, Cancelled);
        return scraped.Samples.Where(sample => sample.Key.StartsWith("github_", StringComparison.Ordinal) && sample.Key.Split('{')[0].Split('_')[^1] is "total" or "bucket" or "count" or "sum")
            .Select(sample => LineOf(sample.Key, sample.Value)).Order(StringComparer.Ordinal);
    }

    private static string LineOf(string sample, double? value) => string.Create(CultureInfo.InvariantCulture, $"{sample} {value:R}");

    private static async Task MustAsync(Assembly program, params string[] arguments)
    {
        var run = await RunAsync(program, arguments);
        Assert.True(run.ExitCode == 0, $"{program.GetName().Name} {string.Join(' ', arguments)}: {run.Said}");
    }
}

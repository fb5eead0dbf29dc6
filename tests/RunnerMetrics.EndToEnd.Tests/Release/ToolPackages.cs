using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using RunnerMetrics.EndToEnd.Tests.Docs;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>Packages for <c>dotnet tool</c>, and the home of a user who installs them: nothing comes from a feed or a cache, and all that is written is gone afterwards.</summary>
/// <param name="packages">The folder with the packages.</param>
internal sealed class ToolPackages(string packages) : IDisposable
{
    /// <summary>The tools.</summary>
    public static readonly IReadOnlyList<string> Names = ["runner-metrics-agent", "runner-metrics-exporter"];

    private readonly TemporaryFolder _home = new();

    /// <summary>The folder of the .NET that runs the tests.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The packages that programs were installed from.</summary>
    public IEnumerable<string> Installed => Directory.EnumerateFiles(Path.Combine(Tools, ".store"), $"*.{BuiltRelease.Version}.nupkg", SearchOption.AllDirectories)
        .Select(file => Path.GetFileName(file).Replace($".{BuiltRelease.Version}.nupkg", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The files among the tools: programs, links to them, and the packages that they are from.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(Tools, "*", SearchOption.AllDirectories);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Tools => _home.File("tools");

    /// <summary>The commands of setup.md that install the tools, or that remove them.</summary>
    /// <param name="verb"><c>install</c> or <c>uninstall</c>.</param>
    public static IReadOnlyList<string> Commands(string verb) =>
        [.. MarkdownFile.Read("docs/setup.md").Blocks.SelectMany(block => block.Lines).Where(line => line.StartsWith($"dotnet tool {verb} ", StringComparison.Ordinal))];

    /// <summary>The path of a package of this version.</summary>
    public string PathOf(string id) => Path.Combine(packages, $"{id}.{BuiltRelease.Version}.nupkg");

    /// <summary>Which package has a tool's program for which platform: what the SDK reads first.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PointersOfAsync(string tool)
    {
        await using var package = await ZipFile.OpenReadAsync(PathOf(tool), Cancelled);
        // <RuntimeIdentifierPackage RuntimeIdentifier="linux-x64" Id="runner-metrics-agent.linux-x64" />
        return Pointers(await SettingsAsync(package)).ToDictionary(pointer => pointer.Attribute("RuntimeIdentifier")!.Value, pointer => pointer.Attribute("Id")!.Value);
    }

    /// <summary>Puts into another folder what a platform without a package of its own finds of these: the packages that lead to no program for this machine's, and those for any.</summary>
    /// <param name="folder">The folder.</param>
    public async Task CopyForAnotherPlatformAsync(string folder)
    {
        foreach (var tool in Names)
        {
            File.Copy(PathOf($"{tool}.any"), Path.Combine(folder, Path.GetFileName(PathOf($"{tool}.any"))));
            var copy = Path.Combine(folder, Path.GetFileName(PathOf(tool)));
            File.Copy(PathOf(tool), copy);
            await using var package = await ZipFile.OpenAsync(copy, ZipArchiveMode.Update, Cancelled);
            var settings = await SettingsAsync(package);
            Pointers(settings).Single(pointer => pointer.Attribute("RuntimeIdentifier")!.Value == BuiltRelease.Runtime).Remove();
            await using var stream = await SettingsOf(package).OpenAsync(Cancelled);
            stream.SetLength(0);
            await settings.SaveAsync(stream, SaveOptions.None, Cancelled);
        }
    }

    /// <summary>Runs commands of the documents, with the folder of the packages, and a folder for the tools, in the place of theirs.</summary>
    public async Task RunAsync(IReadOnlyList<string> commands)
    {
        Assert.Equal(Names.Count, commands.Count);
        foreach (var command in commands)
        {
            var here = command.Replace("--global", $"--tool-path '{Tools}'", StringComparison.Ordinal).Replace("./packages", $"'{packages}'", StringComparison.Ordinal);
            var run = await ProcessRun.RunAsync(InHome(new ProcessStartInfo("bash", ["-c", here]) { WorkingDirectory = _home.Path }), Cancelled);
            Assert.True(run.ExitCode == 0, $"{here}\n{run.Said}");
        }
    }

    /// <summary>What starts an installed tool.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="dotnet">Where it finds a .NET runtime, if it looks for one.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProcessStartInfo Start(string tool, string dotnet, IEnumerable<string> arguments)
    {
        var start = InHome(new ProcessStartInfo(Path.Combine(Tools, tool), arguments));
        start.Environment["DOTNET_ROOT"] = dotnet;
        return start;
    }

    public void Dispose() => _home.Dispose();

    private static IEnumerable<XElement> Pointers(XDocument settings) => settings.Descendants("RuntimeIdentifierPackage");

    private static ZipArchiveEntry SettingsOf(ZipArchive package) => Assert.Single(package.Entries, entry => entry.Name == "DotnetToolSettings.xml");

    private static async Task<XDocument> SettingsAsync(ZipArchive package)
    {
        await using var stream = await SettingsOf(package).OpenAsync(Cancelled);
        return await XDocument.LoadAsync(stream, LoadOptions.None, Cancelled);
    }

    private ProcessStartInfo InHome(ProcessStartInfo start)
    {
        start.Environment["PATH"] = $"{Dotnet}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = _home.Path;
        start.Environment["DOTNET_CLI_HOME"] = _home.Path;
        start.Environment["NUGET_PACKAGES"] = _home.File("nuget");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        return start;
    }
}

using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>The packages for <c>dotnet tool</c>, installed from a folder as the documents say, and the tools at work.</summary>
[Collection(BuiltRelease.Collection)]
public sealed class ToolTests(BuiltRelease release) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Package_OfATool_LeadsToOneForEachPlatform()
    {
        using var packages = new ToolPackages(await release.FilesAsync());
        foreach (var tool in ToolPackages.Names)
        {
            var pointers = await packages.PointersOfAsync(tool);
            Assert.Equal(["any", "linux-arm64", "linux-x64"], pointers.Keys.Order(StringComparer.Ordinal));
            Assert.All(["any", .. BuiltRelease.Runtimes], platform => Assert.True(File.Exists(packages.PathOf(pointers[platform])), $"{packages.PathOf(pointers[platform])} is missing."));
        }
    }

    [Fact]
    public async Task Tools_InstalledAsTheDocumentsSay_AreNativeAndGoWithoutATrace()
    {
        using var packages = new ToolPackages(await release.FilesAsync());
        var commands = ToolPackages.Commands("install");
        Assert.Contains($"`{commands[0]}`", await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "README.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await packages.RunAsync(commands);
        Assert.Equal(ToolPackages.Names.SelectMany(tool => (string[])[tool, $"{tool}.{BuiltRelease.Runtime}"]), packages.Installed);
        // There is no runtime for them, and they ask for none.
        await CountJobsAsync(packages, "/nonexistent");
        await packages.RunAsync(ToolPackages.Commands("uninstall"));
        Assert.Empty(packages.Files);
    }

    [Fact]
    public async Task Tools_OnAPlatformWithoutAPackage_RunOnTheRuntimeWithSqlite()
    {
        using var all = new ToolPackages(await release.FilesAsync());
        var some = Directory.CreateDirectory(_folder.File("some")).FullName;
        await all.CopyForAnotherPlatformAsync(some);
        using var packages = new ToolPackages(some);
        await packages.RunAsync(ToolPackages.Commands("install"));
        Assert.Equal(ToolPackages.Names.SelectMany(tool => (string[])[tool, $"{tool}.any"]), packages.Installed);
        await CountJobsAsync(packages, ToolPackages.Dotnet);
        await packages.RunAsync(ToolPackages.Commands("uninstall"));
        Assert.Empty(packages.Files);
    }

    public void Dispose() => _folder.Dispose();

    private async Task CountJobsAsync(ToolPackages packages, string dotnet)
    {
        foreach (var tool in ToolPackages.Names)
        {
            var version = await ProcessRun.RunAsync(packages.Start(tool, dotnet, ["--version"]), TestContext.Current.CancellationToken);
            Assert.True(version.ExitCode == 0, version.Said);
            Assert.StartsWith(BuiltRelease.Version, version.Output, StringComparison.Ordinal);
        }

        await ProgramsAtWork.CountJobsAsync((tool, arguments) => Task.FromResult(packages.Start(tool, dotnet, arguments)), _folder);
    }
}

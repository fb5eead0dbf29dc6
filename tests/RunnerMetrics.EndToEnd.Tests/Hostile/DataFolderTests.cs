using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>Another user of the machine, where the administrator set no umask.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DataFolder_WhateverTheUmask_IsItsUsersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var data = new DirectoryInfo(Path.Combine(_folder.Path, "data"));
        await using var exporter = ExporterProcess.StartAfter("umask 000", "--http-port", "0", "--grpc-port", "0", "--data", data.FullName);
        await exporter.ReadyAsync();
        await exporter.SignalAsync("TERM");
        Assert.Equal(0, (await exporter.EndAsync()).ExitCode);

        Assert.Equal(Private | UnixFileMode.UserExecute, data.UnixFileMode);
        var files = data.GetFiles();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(Private, file.UnixFileMode));
    }
}

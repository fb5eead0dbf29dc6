using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>The exporter's own process on folders that it cannot simply open.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Arguments => ["--http-port", "0", "--grpc-port", "0", "--data", _folder.Path];

    [Fact]
    public async Task Start_FolderOfAnotherExporter_SaysSoInOneLineAndEndsWithOne()
    {
        await using var first = ExporterProcess.Start(Arguments);
        await first.ReadyAsync();
        var run = await ExporterProcess.RunAsync(Arguments);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{_folder.Path} is in use by another exporter", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DamagedStore_StopsUntilItIsRepairedAndTheDamageSetAside()
    {
        await using (var exporter = ExporterProcess.Start(Arguments))
        {
            var (_, grpc) = await exporter.ReadyAsync();
            using var channel = CollectorCalls.Open(grpc);
            foreach (var job in new[] { 0, 1, 2 })
            {
                await Wait.UntilAsync(() => new JobSender("s", hasSequence: true, 0).TrySendAsync(channel, [job]), "the job is taken");
            }

            await exporter.KillAsync();
        }

        var log = Path.Combine(_folder.Path, StoreFile.Name + "-wal");
        var bytes = await File.ReadAllBytesAsync(log, RunningExporter.Cancelled);
        bytes[60] ^= 1;
        await File.WriteAllBytesAsync(log, bytes, RunningExporter.Cancelled);

        var stopped = await ExporterProcess.RunAsync(Arguments);
        Assert.Equal(1, stopped.ExitCode);
        Assert.StartsWith($"{log} is damaged (one byte of frame 1 is wrong): restore the data folder from a backup, or run ", Assert.Single(stopped.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(0, (await ExporterProcess.RunAsync("store", "repair", "--data", _folder.Path)).ExitCode);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_folder.Path, StoreFile.Name + ".damaged-wal"), RunningExporter.Cancelled));
        await using var again = ExporterProcess.Start(Arguments);
        var (http, _) = await again.ReadyAsync();
        using var client = new PatientHttpClient();
        var text = await client.GetStringAsync(new Uri(http, "/metrics"), RunningExporter.Cancelled);
        Assert.DoesNotContain(SingleJobs.SampleOf("s", 2) + " 1\n", text, StringComparison.Ordinal);
    }
}

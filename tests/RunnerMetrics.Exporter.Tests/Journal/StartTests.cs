using Grpc.Net.Client;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

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
        await using var second = ExporterProcess.Start(Arguments);
        var (exitCode, _, errors) = await second.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{_folder.Path} is in use by another exporter", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DamagedJournal_StopsUntilRepairSetsTheDamageAside()
    {
        await using (var exporter = ExporterProcess.Start(Arguments))
        {
            var (_, grpc) = await exporter.ReadyAsync();
            using var channel = GrpcChannel.ForAddress(grpc);
            foreach (var job in new[] { 0, 1, 2 })
            {
                await Eventually.HoldsAsync(() => new JobSender("s", hasSequence: true, 0).TrySendAsync(channel, [job]), "the job is taken");
            }

            await exporter.KillAsync();
        }

        var segment = Path.Combine(_folder.Path, FileNames.Segment(1));
        var bytes = await File.ReadAllBytesAsync(segment, RunningExporter.Cancelled);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, RunningExporter.Cancelled);

        await using (var stopped = ExporterProcess.Start(Arguments))
        {
            var (exitCode, _, errors) = await stopped.EndAsync();
            Assert.Equal(1, exitCode);
            Assert.Contains($"{segment} is damaged at offset ", Assert.Single(errors), StringComparison.Ordinal);
        }

        await using (var repairing = ExporterProcess.Start([.. Arguments, "--repair"]))
        {
            await repairing.ReadyAsync();
            repairing.Terminate();
            var (exitCode, _, _) = await repairing.EndAsync();
            Assert.Equal(0, exitCode);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(segment + ".damaged", RunningExporter.Cancelled));
        await using var again = ExporterProcess.Start(Arguments);
        var (http, _) = await again.ReadyAsync();
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri(http, "/metrics"), RunningExporter.Cancelled);
        Assert.Contains(SingleJobs.SampleOf("s", 0) + " 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(SingleJobs.SampleOf("s", 1) + " 1\n", text, StringComparison.Ordinal);
        Assert.Contains(SingleJobs.SampleOf("s", 2) + " 1\n", text, StringComparison.Ordinal);
    }
}

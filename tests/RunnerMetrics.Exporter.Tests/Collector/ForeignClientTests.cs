using System.Diagnostics;
using Google.Protobuf;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Tests.Collector;

/// <summary>grpcio, which nobody here wrote, calls the collector.</summary>
public class ForeignClientTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task ReportEvents_ByGrpcio_IsTakenAndAnsweredInOrder()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var events = Enumerable.Range(0, 100).Select(i => Wire.Completed($"e{i}", $"j{i}")).Append(Wire.Stopped(""));

        var (status, answer) = await CallAsync(exporter, Wire.Batch(Wire.Now, events));

        Assert.Equal("0", status);
        var response = ReportEventsResponse.Parser.ParseFrom(Convert.FromHexString(answer));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"e{i}").Append(""), response.Results.Select(result => result.EventId));
        Assert.Equal(Outcome.Rejected, response.Results[^1].Outcome);
        Assert.Equal("100", await exporter.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
    }

    [Fact]
    public async Task ReportEvents_ByGrpcioWithoutAToken_ReadsTheRefusal()
    {
        var tokens = Path.GetTempFileName();
        await File.WriteAllTextAsync(tokens, "secret\n", RunningExporter.Cancelled);
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TokenFile = tokens });
        var batch = Wire.Batch(Wire.Now, Wire.Heartbeat("1"));

        var (status, message) = await CallAsync(exporter, batch);
        Assert.Equal("16", status);
        Assert.Contains("authorization: Bearer TOKEN", message, StringComparison.Ordinal);
        Assert.Equal("0", (await CallAsync(exporter, batch, "secret")).Status);
        File.Delete(tokens);
    }

    private static async Task<(string Status, string Answer)> CallAsync(RunningExporter exporter, ReportEventsRequest request, string? token = null)
    {
        Assert.SkipUnless(await HasGrpcioAsync(), $"grpcio is not on this machine ({Python}): run ./test.sh, or apt-get install python3-grpcio");
        using var python = Start(
            [Path.Combine(RepositoryFolder.Path, "tests", "foreign", "report_events.py"), exporter.Grpc.Authority, .. token is null ? [] : (string[])[token]]);
        var output = python.StandardOutput.ReadToEndAsync(RunningExporter.Cancelled);
        var errors = python.StandardError.ReadToEndAsync(RunningExporter.Cancelled);
        await python.StandardInput.BaseStream.WriteAsync(request.ToByteArray(), RunningExporter.Cancelled);
        python.StandardInput.Close();
        await python.WaitForExitAsync(RunningExporter.Cancelled);
        Assert.True(python.ExitCode == 0, await errors);
        var lines = (await output).Split('\n');
        return (lines[0], lines[1]);
    }

    private static async Task<bool> HasGrpcioAsync()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var probe = Start(["-c", "import grpc"]);
        await probe.WaitForExitAsync(RunningExporter.Cancelled);
        return probe.ExitCode == 0;
    }

    private static Process Start(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(Python, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}

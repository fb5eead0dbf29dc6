using Grpc.Core;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Collector;

/// <summary>Clients that nobody here wrote call the collector.</summary>
public sealed class ForeignClientTests : IDisposable
{
    private const string Grpcio = "grpcio";
    private const string GrpcJs = "grpc-js";

    private readonly TemporaryFolder _folder = new();

    private string Tokens => Path.Combine(_folder.Path, "tokens");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Grpcio)]
    [InlineData(GrpcJs)]
    public async Task Calls_OfEveryKind_EndAsTheyShould(string client)
    {
        await File.WriteAllTextAsync(Tokens, "right-0123456789\n", RunningExporter.Cancelled);
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TokenFile = Tokens });
        ReportEventsRequest Jobs(int from, int count) => AgentEvents.Batch(AgentEvents.Now, Enumerable.Range(from, count).Select(i => AgentEvents.Completed($"e{i}", $"j{i}")));

        var answers = await ForeignCall.MakeAsync(
            client,
            exporter.Grpc,
            ForeignCall.Report(Jobs(0, 1)) with { Token = "right-0123456789" },
            ForeignCall.Report(Jobs(1, 999)) with { Token = "right-0123456789" },
            ForeignCall.Report(Jobs(1000, 1000)) with { Token = "right-0123456789", Compression = "gzip" },
            ForeignCall.Report(Jobs(0, 1001)) with { Token = "right-0123456789" },
            ForeignCall.Report(Jobs(0, 30_000)) with { Token = "right-0123456789" },
            ForeignCall.Report(Jobs(0, 1)) with { Token = "wrong" },
            ForeignCall.Report(Jobs(0, 1)),
            ForeignCall.Report(Jobs(0, 1)) with { Token = "right-0123456789", Method = $"/{JobEventCollector.Descriptor.FullName}/Forget" },
            ForeignCall.Report(Jobs(0, 1000)) with { Token = "right-0123456789", Compression = "deflate" },
            ForeignCall.Health(""),
            ForeignCall.Health(JobEventCollector.Descriptor.FullName),
            ForeignCall.Health("other"),
            ForeignCall.Report(Jobs(0, 2)) with { Token = "right-0123456789" });

        Assert.Equal(
            [
                StatusCode.OK,
                StatusCode.OK,
                StatusCode.OK,
                StatusCode.InvalidArgument,
                StatusCode.ResourceExhausted,
                StatusCode.Unauthenticated,
                StatusCode.Unauthenticated,
                StatusCode.Unimplemented,
                StatusCode.Unimplemented,
                StatusCode.OK,
                StatusCode.OK,
                StatusCode.NotFound,
                StatusCode.OK,
            ],
            answers.Select(answer => answer.Status));
        Assert.Equal([1, 999, 1000, 2], answers.Select(answer => answer.Response?["results"]?.AsArray().Count).OfType<int>());
        Assert.Contains("1001 events: send 1 to 1000", answers[3].Details, StringComparison.Ordinal);
        Assert.Contains("authorization: Bearer TOKEN", answers[5].Details, StringComparison.Ordinal);
        Assert.Equal(["SERVING", "SERVING"], answers[9..11].Select(answer => (string?)answer.Response?["status"]));
        Assert.Equal(["OUTCOME_DUPLICATE", "OUTCOME_DUPLICATE"], answers[12].Response!["results"]!.AsArray().Select(result => (string?)result!["outcome"]));
        Assert.Equal("2000", await exporter.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
    }
}

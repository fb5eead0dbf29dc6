using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>
/// deploy/compose as it stands, brought up by a real engine: the exporter from its own image, Prometheus and Alertmanager from images of this machine's programs, because no
/// registry need be in reach.
/// </summary>
[Trait("Category", "Docker")]
public sealed class ComposeStackTests : IAsyncDisposable
{
    private readonly string _project = $"runner-metrics-test-{Guid.NewGuid():N}"[..28];
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExporterAndMonitoring_BroughtUp_AreHealthyAndCountAJob()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        var (http, grpc, prometheusPort, alertmanagerPort) = (Ports.Reserve(), Ports.Reserve(), Ports.Reserve(), Ports.Reserve());
        var token = Guid.NewGuid().ToString("N");
        await PrepareAsync(token, http, grpc, prometheusPort, alertmanagerPort);

        await ComposeAsync("up", "--detach", "exporter", "prometheus", "alertmanager");

        foreach (var service in (string[])["exporter", "alertmanager", "prometheus"])
        {
            var container = await ComposeAsync("ps", "--quiet", service);
            await Docker.UntilHealthyAsync(container, Cancelled);
        }

        using var channel = CollectorCalls.Open(new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", grpc).Uri);
        await ReportAsync(channel, token);

        using var prometheus = new PatientHttpClient { BaseAddress = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", prometheusPort).Uri };
        await Wait.UntilAsync(
            async () => (await GetAsync(prometheus, "/api/v1/query?query=github_runner_jobs_total{runner_name=\"composed\",status=\"success\"}"))["result"]!.AsArray()
                .Any(sample => sample!["value"]![1]!.GetValue<string>() == "1"),
            () => "Prometheus has no job of the runner's.",
            Cancelled);
        Assert.NotEmpty((await GetAsync(prometheus, "/api/v1/rules"))["groups"]!.AsArray());
        Assert.Equal(
            ["http://alertmanager:9093/api/v2/alerts"],
            (await GetAsync(prometheus, "/api/v1/alertmanagers"))["activeAlertmanagers"]!.AsArray().Select(one => one!["url"]!.GetValue<string>()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_environment.Count > 0)
        {
            await ComposeAsync("down", "--volumes", "--timeout", "10");
        }

        _folder.Dispose();
    }

    private async Task PrepareAsync(string token, int http, int grpc, int prometheusPort, int alertmanagerPort)
    {
        var tokens = Path.Combine(_folder.Path, "tokens");
        await File.WriteAllTextAsync(tokens, token + "\n", Cancelled);
        var secrets = Directory.CreateDirectory(Path.Combine(_folder.Path, "secrets")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "stand-ins.yml"),
            $"""
            services:
              prometheus:
                image: {Docker.Prometheus}
              alertmanager:
                image: {Docker.Alertmanager}

            """,
            Cancelled);
        await ProcessRun.RunAsync("chmod", ["-R", "a+rX", _folder.Path], Cancelled);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("RUNNER_METRICS_EXPORTER_IMAGE", Docker.Exporter),
            ("RUNNER_METRICS_TOKENS", tokens),
            ("RUNNER_METRICS_HTTP_ADDRESS", $"127.0.0.1:{http}"),
            ("RUNNER_METRICS_GRPC_ADDRESS", $"127.0.0.1:{grpc}"),
            ("RUNNER_METRICS_VOLUME", $"{_project}-data"),
            ("PROMETHEUS_PORT", $"{prometheusPort}"),
            ("ALERTMANAGER_PORT", $"{alertmanagerPort}"),
            ("ALERTMANAGER_SECRETS", secrets),
        ])
        {
            _environment[name] = value;
        }
    }

    private async Task<string> ComposeAsync(params string[] arguments)
    {
        var folder = Path.Combine(RepositoryFolder.Path, "deploy", "compose");
        List<string> all = [.. _environment.Select(variable => $"{variable.Key}={variable.Value}"), "docker-compose", "--project-name", _project];
        foreach (var file in (string[])[Path.Combine(folder, "exporter.yml"), Path.Combine(folder, "monitoring.yml"), Path.Combine(_folder.Path, "stand-ins.yml")])
        {
            all.AddRange(["--file", file]);
        }

        var run = await ProcessRun.RunAsync("env", [.. all, .. arguments], CancellationToken.None);
        Assert.True(run.ExitCode == 0, $"docker-compose {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Said}");
        return run.Said.Trim().Split('\n')[^1];
    }

    private static async Task ReportAsync(GrpcChannel channel, string token)
    {
        var now = TimeProvider.System.GetUtcNow();
        var runner = new Runner { Name = "composed", Type = "standard", Version = "2.336.0", InstanceId = "composed-1" };
        Event heartbeat = new()
        {
            EventId = "h",
            OccurredAt = now.ToTimestamp(),
            Runner = runner,
            Heartbeat = new RunnerHeartbeat { State = RunnerHeartbeat.Types.State.Idle, StartedAt = now.AddHours(-1).ToTimestamp() },
        };
        Event completed = new()
        {
            EventId = "c",
            OccurredAt = now.ToTimestamp(),
            Runner = runner,
            JobCompleted = new JobCompleted
            {
                Job = new Job { JobKey = "j", JobId = "j", Name = "build" },
                Conclusion = JobCompleted.Types.Conclusion.Success,
                StartedAt = now.AddMinutes(-1).ToTimestamp(),
                CompletedAt = now.ToTimestamp(),
            },
        };
        var answer = await channel.ReportAsync(new ReportEventsRequest { SentAt = now.ToTimestamp(), Events = { heartbeat, completed } }, token);
        Assert.All(answer.Results, result => Assert.Equal(EventResult.Types.Outcome.Accepted, result.Outcome));
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancelled))!["data"]!;
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Telemetry;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Processes;

/// <summary>The programs together, as users start them: their own processes, with certificates, secrets and telemetry.</summary>
public sealed class ProgramsTests : IDisposable
{
    private const int Jobs = 5;

    /// <summary>What an exporter keeps events with, which no linker here takes in.</summary>
    private const string SqliteLibrary = "libe_sqlite3.so";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Diag => File("_diag");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_OverTlsWithWebhooksAndTelemetry_CountsEveryJobAndTellsOfItself()
    {
        WriteCertificate();
        var secret = Write("webhook-secret", "it is a secret to everybody");
        var tokens = Write("tokens", "a-token-0123456789");
        await using var sink = await OtlpSink.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["SSL_CERT_FILE"] = File("certificate.pem"),

            // A program that ends waits for its collector for seconds, which a busy machine can exceed: all of it is sent before.
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };
        await using var exporter = ExporterProcess.Start(
            environment, "--http-port", "0", "--grpc-port", "0", "--data", File("data"), "--tls-certificate", File("certificate.pem"), "--tls-key", File("key.pem"),
            "--webhook-secret-file", secret, "--token-file", tokens);
        var (http, grpc) = await exporter.ReadyAsync();

        var webhooks = new UriBuilder(http) { Host = "localhost", Path = "/webhooks/github" }.Uri;
        var simulated = await RunAsync(
            typeof(SimulatedRunner), environment, "--diag", Diag, "--runner-name", "sim", "--seed", "1", "--speed", "1000", "--jobs", $"{Jobs}",
            "--webhook-url", $"{webhooks}", "--webhook-secret-file", secret);
        Assert.True(simulated.ExitCode == 0, simulated.Said);
        Assert.DoesNotContain("not accepted", simulated.Said, StringComparison.Ordinal);
        await using var agent = RunningProgram.Start(Programs.Start(
            typeof(RunnerMetrics.Agent.AgentApplication).Assembly, environment, "run", "--diag", Diag, "--spool", File("spool"), "--runner-name", "sim", "--runner-type", "standard",
            "--collector", $"{new UriBuilder(grpc) { Host = "localhost" }.Uri}", "--token-file", tokens));
        using var handler = new SocketsHttpHandler();
        using var own = X509CertificateLoader.LoadCertificateFromFile(File("certificate.pem"));
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => own.Equals(shown);
        using var client = new PatientHttpClient(handler);
        await Wait.UntilAsync(async () => (await ScrapeAsync()).Sum("github_runner_jobs_total") >= Jobs, () => agent.Said, Cancelled);
        await Wait.UntilAsync(
            () => sink.Has("trace", "runner-metrics-agent") && sink.Has("trace", "deliver") && sink.Has("metrics", "runner_metrics.agent.events.delivered"), "the agent's spans and metrics arrive");
        await Wait.UntilAsync(
            () => sink.Has("trace", "runner-metrics-exporter") && sink.Has("trace", "journal commit") && sink.Has("trace", "webhook") && sink.Has("metrics", "kestrel.connection.duration"),
            "the exporter's spans and metrics arrive");
        await agent.SignalAsync("TERM");
        var stopped = await agent.EndAsync();
        Assert.True(stopped.ExitCode == 0, stopped.Said);
        var scrape = await ScrapeAsync();
        Assert.Equal(Jobs, scrape.Sum("github_runner_jobs_total"));
        Assert.Equal(Jobs, scrape.Sum("github_runner_job_queue_duration_seconds_count"));
        Assert.Equal(0, scrape.Sum("runner_metrics_events_rejected_total"));
        await exporter.SignalAsync("TERM");
        var (ended, _, errors) = await exporter.EndAsync();
        Assert.True(ended == 0, errors);

        async Task<Scraped> ScrapeAsync() => Scraped.Of(await client.GetStringAsync(new Uri(http, "/metrics"), Cancelled));
    }

    [Fact]
    public async Task Health_OfAnExporterWithACertificate_EndsWithZeroWhileItLives()
    {
        WriteCertificate();
        var environment = new Dictionary<string, string> { ["RUNNER_METRICS_TLS_CERTIFICATE"] = File("certificate.pem"), ["RUNNER_METRICS_TLS_KEY"] = File("key.pem") };
        await using var exporter = ExporterProcess.Start(environment, "--http-port", "0", "--grpc-port", "0");
        environment["RUNNER_METRICS_HTTP_PORT"] = $"{(await exporter.ReadyAsync()).Http.Port}";

        // The command gives up after seconds, which a busy machine can exceed. A container engine asks again, and so does this test.
        var said = "";
        await Wait.UntilAsync(
            async () =>
            {
                var asked = await RunAsync(typeof(RunnerMetrics.Exporter.ExporterApplication), environment, "health");
                said = asked.Errors;
                return asked.ExitCode == 0;
            },
            () => said,
            Cancelled);

        await exporter.KillAsync();
        Assert.Equal(1, (await RunAsync(typeof(RunnerMetrics.Exporter.ExporterApplication), environment, "health")).ExitCode);
    }

    [Fact]
    public async Task RuntimeMetrics_AskedFor_AreWhatPromtoolTakes()
    {
        Promtool.SkipWhereMissing();
        await using var exporter = ExporterProcess.Start("--http-port", "0", "--grpc-port", "0", "--runtime-metrics");
        var (http, _) = await exporter.ReadyAsync();
        using var client = new PatientHttpClient { BaseAddress = http };
        await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled);
        var text = "";

        // A request is measured after its answer, and the exporter's own answers are some hundred milliseconds old.
        await Wait.UntilAsync(
            async () => Regex.IsMatch(
                text = await client.GetStringAsync(new Uri("/metrics/runtime", UriKind.Relative), Cancelled), "(?m)^http_server_request_duration_seconds_count\\{.*http_route=\"/\".*\\} [1-9]"),
            () => text,
            Cancelled);

        Assert.Equal((0, ""), await Promtool.RunAsync(["check", "metrics"], Cancelled, text));
        Assert.Matches("(?m)^kestrel_active_connections\\{.*\\} [1-9]", text);
        Assert.Matches("(?m)^dotnet_process_memory_working_set_bytes\\S* [1-9]", text);
        Assert.Matches("(?m)^dotnet_process_cpus\\S* [1-9]", text);
        Assert.DoesNotContain("otel_scope", text, StringComparison.Ordinal);
        Assert.DoesNotContain("github_", text, StringComparison.Ordinal);
        using var post = await client.PostAsync(new Uri("/metrics/runtime", UriKind.Relative), null, Cancelled);
        Assert.False(post.IsSuccessStatusCode);
    }

    [Fact]
    public async Task RuntimeMetrics_NotAskedFor_AreNotThere()
    {
        await using var exporter = ExporterProcess.Start("--http-port", "0", "--grpc-port", "0");
        using var client = new PatientHttpClient { BaseAddress = (await exporter.ReadyAsync()).Http };
        using var answer = await client.GetAsync(new Uri("/metrics/runtime", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    // Bars of what is published: one native file each, with nothing that is compiled while it runs.
    [Fact]
    public void Published_Programs_AreOneNativeFileEachBesideSqlite()
    {
        Programs.SkipUnlessPublished();
        foreach (var (program, beside, largest) in ((Type, string[], double)[])
            [
                (typeof(RunnerMetrics.Exporter.ExporterApplication), [SqliteLibrary], 28), (typeof(RunnerMetrics.Standalone.StandaloneApplication), [SqliteLibrary], 28.5),
                (typeof(RunnerMetrics.Agent.AgentApplication), [], 22), (typeof(SimulatedRunner), [], 22),
            ])
        {
            var file = new FileInfo(Programs.Start(program.Assembly).FileName);
            Assert.Equivalent((string[])[file.Name, .. beside], file.Directory!.EnumerateFileSystemInfos().Select(found => found.Name), strict: true);
            using var content = file.OpenRead();
            var magic = new byte[4];
            content.ReadExactly(magic);
            Assert.Equal("\u007fELF"u8.ToArray(), magic);
            Assert.InRange(file.Length / 1e6, 1, largest);
        }
    }

    private static Task<ProcessRun> RunAsync(Type program, Dictionary<string, string> environment, params string[] arguments) =>
        ProcessRun.RunAsync(Programs.Start(program.Assembly, environment, arguments), Cancelled);

    private string File(string name) => Path.Combine(_folder.Path, name);

    private string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    // One that vouches for itself: SSL_CERT_FILE makes it an authority.
    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        Write("certificate.pem", certificate.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
    }
}

using System.Net.Http.Json;
using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Alerting;

/// <summary>A real Alertmanager with the project's own configuration: other addresses in it, and five seconds to gather alerts in, so that those of one request are together on a busy machine too.</summary>
internal sealed partial class AlertmanagerServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/prometheus-alertmanager";

    private readonly RunningProgram _program;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _client;

    private AlertmanagerServer(RunningProgram program, DirectoryInfo folder, Uri address)
    {
        (_program, _folder) = (program, folder);
        _client = new PatientHttpClient { BaseAddress = address };
    }

    public static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "dashboards", "alertmanager");

    public Uri Address => _client.BaseAddress!;

    public static void SkipWhereMissing() =>
        Assert.SkipUnless(File.Exists(Program), "Alertmanager is not on this machine: run ./test.sh, or apt-get install prometheus-alertmanager");

    public static async Task<AlertmanagerServer> StartAsync(MessageSinks sinks)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-alertmanager-");
        folder.CreateSubdirectory("templates");
        folder.CreateSubdirectory("secrets");
        foreach (var template in Directory.EnumerateFiles(Path.Combine(Folder, "templates")))
        {
            File.Copy(template, Path.Combine(folder.FullName, "templates", Path.GetFileName(template)));
        }

        foreach (var (name, secret) in new[] { ("slack_url", $"{sinks.Http}slack"), ("pagerduty_routing_key", "key-1"), ("smtp_password", "open sesame") })
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "secrets", name), secret);
        }

        var config = Path.Combine(folder.FullName, "alertmanager.yml");
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, "alertmanager.yml"));
        text = text.Replace("/etc/alertmanager/secrets", $"{folder.FullName}/secrets", StringComparison.Ordinal)
            .Replace("smtp.example.com:587", $"127.0.0.1:{sinks.MailPort}\n  smtp_require_tls: false\n  pagerduty_url: {sinks.Http}pagerduty", StringComparison.Ordinal)
            .Replace("https://heartbeat.example.com/github-runners", $"{sinks.Http}heartbeat", StringComparison.Ordinal);
        await File.WriteAllTextAsync(config, GroupInterval().Replace(GroupWait().Replace(text, "group_wait: 5s"), "group_interval: 5s"));

        var port = Ports.Reserve();
        var program = RunningProgram.Start(
            Program, $"--config.file={config}", $"--storage.path={folder.FullName}/data", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
            "--web.external-url=http://alertmanager.example", "--web.route-prefix=/", "--log.level=warn");
        var server = new AlertmanagerServer(program, folder, new Uri($"http://127.0.0.1:{port}"));
        await Wait.UntilAsync(server.IsReadyAsync, () => $"Alertmanager is not ready. It wrote: {program.Said}", TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Hands alerts over as Prometheus does.</summary>
    public async Task SendAsync(params IEnumerable<object> alerts)
    {
        using var answer = await _client.PostAsJsonAsync(new Uri("/api/v2/alerts", UriKind.Relative), alerts, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex("group_wait: .*")]
    private static partial Regex GroupWait();

    [GeneratedRegex("group_interval: .*")]
    private static partial Regex GroupInterval();
}

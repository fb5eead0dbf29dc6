using System.Globalization;
using System.Text.Json;

namespace RunnerMetrics.Testing;

/// <summary>A real Prometheus that scrapes one target every second, in a folder of its own that goes with it.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/prometheus";
    private readonly RunningProgram _program;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _client = new PatientHttpClient();

    private PrometheusServer(RunningProgram program, DirectoryInfo folder, Uri address)
    {
        _program = program;
        _folder = folder;
        Address = address;
    }

    public Uri Address { get; }

    public static void SkipWhereMissing() =>
        Assert.SkipUnless(File.Exists(Program), "Prometheus is not on this machine: run ./test.sh, or apt-get install prometheus");

    public static async Task<PrometheusServer> StartAsync(Uri target, CancellationToken cancelled)
    {
        var server = await StartAsync(
            Directory.CreateTempSubdirectory("runner-metrics-prometheus-"),
            $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: runner-metrics
                static_configs:
                  - targets: ['{target.Authority}']
            """,
            cancelled);
        await server.WaitForAsync("up == 1", static samples => samples.Count == 1, cancelled);
        return server;
    }

    /// <summary>A Prometheus that scrapes nothing, and evaluates rules every second over what is in its <c>data</c> folder already.</summary>
    /// <param name="folder">Its folder, which goes with it.</param>
    /// <param name="rules">A file of rules.</param>
    /// <param name="cancelled">Gives up.</param>
    public static Task<PrometheusServer> StartOnHistoryAsync(DirectoryInfo folder, string rules, CancellationToken cancelled) => StartAsync(
        folder,
        $"""
        global:
          evaluation_interval: 1s
        rule_files: ['{rules}']
        """,
        cancelled);

    /// <summary>A Prometheus that scrapes one target every second, evaluates rules, and hands its alerts to an Alertmanager.</summary>
    /// <param name="folder">Its folder, which goes with it.</param>
    /// <param name="target">What is scraped as the job <c>runner-metrics</c>.</param>
    /// <param name="alertmanager">Where alerts go.</param>
    /// <param name="rules">A file of rules.</param>
    /// <param name="cancelled">Gives up.</param>
    public static Task<PrometheusServer> StartAlertingAsync(DirectoryInfo folder, Uri target, Uri alertmanager, string rules, CancellationToken cancelled) => StartAsync(
        folder,
        $"""
        global:
          scrape_interval: 1s
          scrape_timeout: 1s
          evaluation_interval: 1s
        rule_files: ['{rules}']
        alerting:
          alertmanagers:
            - static_configs:
                - targets: ['{alertmanager.Authority}']
        scrape_configs:
          - job_name: runner-metrics
            static_configs:
              - targets: ['{target.Authority}']
        """,
        cancelled);

    private static async Task<PrometheusServer> StartAsync(DirectoryInfo folder, string configuration, CancellationToken cancelled)
    {
        var config = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(config, configuration, cancelled);
        var port = Ports.Reserve();
        var program = RunningProgram.Start(
            Program, $"--config.file={config}", $"--storage.tsdb.path={folder.FullName}/data", "--storage.tsdb.retention.time=5y", $"--web.listen-address=127.0.0.1:{port}",
            "--enable-feature=exemplar-storage", "--log.level=error", "--rules.alert.resend-delay=1s");
        var server = new PrometheusServer(program, folder, new Uri($"http://127.0.0.1:{port}"));
        await server.WaitForAsync("vector(1)", static samples => samples.Count == 1, cancelled);
        return server;
    }

    /// <summary>The samples of an instant query: labels and value.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(
        string query, CancellationToken cancelled, DateTimeOffset? at = null)
    {
        var time = at is { } moment ? string.Create(CultureInfo.InvariantCulture, $"&time={moment.ToUnixTimeSeconds()}") : "";
        using var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}{time}", cancelled);
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(sample => (
            (IReadOnlyDictionary<string, string>)sample.GetProperty("metric").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!),
            double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];
    }

    /// <summary>The series of a range query: labels, and values by seconds since 1970.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<(double Time, double Value)> Points)>> QueryRangeAsync(
        string query, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancelled)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"&start={start.ToUnixTimeSeconds()}&end={end.ToUnixTimeSeconds()}&step={step.TotalSeconds}");
        using var answer = await GetAsync($"/api/v1/query_range?query={Uri.EscapeDataString(query)}{range}", cancelled);
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => (
            (IReadOnlyDictionary<string, string>)series.GetProperty("metric").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!),
            (IReadOnlyList<(double, double)>)[.. series.GetProperty("values").EnumerateArray().Select(point => (
                point[0].GetDouble(), double.Parse(point[1].GetString()!, CultureInfo.InvariantCulture)))]))];
    }

    /// <summary>The rules that it evaluates, as it read them, in their order.</summary>
    public async Task<IReadOnlyList<(string Name, string Expression, bool IsRecording)>> RulesAsync(CancellationToken cancelled)
    {
        using var answer = await GetAsync("/api/v1/rules", cancelled);
        return [.. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule => (rule.GetProperty("name").GetString()!, rule.GetProperty("query").GetString()!, rule.GetProperty("type").GetString() == "recording"))];
    }

    /// <summary>The only sample of an instant query. Where a busy machine let a scrape fail, there is none until the next one.</summary>
    public async Task<double> ValueAsync(string query, CancellationToken cancelled) => (await SamplesAsync(query, samples => samples.Count == 1, cancelled))[0].Value;

    /// <summary>All exemplars that are stored, whenever they were observed.</summary>
    public Task<JsonDocument> ExemplarsAsync(string query, CancellationToken cancelled) =>
        GetAsync($"/api/v1/query_exemplars?query={Uri.EscapeDataString(query)}&start=1700000000&end=4000000000", cancelled);

    /// <summary>Asks again and again until the samples are as they should be.</summary>
    public Task WaitForAsync(
        string query, Func<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>, bool> isGood, CancellationToken cancelled) =>
        SamplesAsync(query, isGood, cancelled);

    /// <summary>Asks again and again until the samples are as they should be, and gives them.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> SamplesAsync(
        string query, Func<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>, bool> isGood, CancellationToken cancelled)
    {
        var last = "nothing";
        IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)> samples = [];
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    samples = await QueryAsync(query, cancelled);
                    last = string.Join("; ", samples.Select(s => $"{string.Join(',', s.Labels)} {s.Value}"));
                    return isGood(samples);
                }
                catch (HttpRequestException e)
                {
                    last = e.Message;
                    return false;
                }
            },
            () => $"Prometheus: {query} gave {last}. It wrote: {_program.Said}",
            cancelled);
        return samples;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancelled)
    {
        using var response = await _client.GetAsync(new Uri(Address, path), cancelled);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{path} was refused: {await response.Content.ReadAsStringAsync(cancelled)}");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancelled);
        return await JsonDocument.ParseAsync(body, cancellationToken: cancelled);
    }
}

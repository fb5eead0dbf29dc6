using System.CommandLine;
using System.Net.Http.Headers;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Local;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Forgetting;

/// <summary><c>runner-metrics-exporter forget NAME [--type T] [--scope S]</c>: makes the exporter on this machine forget a runner. Only that exporter writes its store.</summary>
internal static class ForgetCommand
{
    private const int Refused = 1;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Makes it.</summary>
    /// <param name="exporter">The options with the exporter's address and credentials.</param>
    public static Command Make(ExporterCommand exporter)
    {
        var name = new Argument<string>("NAME") { Description = "The runner's name" };
        var type = new Option<string?>("--type") { Description = "Its type, if several runners have that name" };
        var scope = new Option<string?>("--scope") { Description = "Its scope, if several runners have that name: github.com/acme … ; empty: the runner without a scope" };
        var forget = new Command("forget", "Makes the exporter on this machine forget a runner that will not return, and its series, now instead of after --retention.") { name, type, scope };
        foreach (var option in exporter.AddressOptions)
        {
            forget.Add(option);
        }

        forget.SetAction((parsed, stop) =>
        {
            var options = exporter.ReadAddress(parsed, out var problems);
            return problems.Count > 0
                ? Task.FromResult(WrongUsage.Write(problems, forget))
                : RunAsync(options, new RunnerQuery(parsed.GetValue(name)!, parsed.GetValue(type), parsed.GetValue(scope)), stop);
        });
        return forget;
    }

    private static async Task<int> RunAsync(ExporterOptions options, RunnerQuery query, CancellationToken stop)
    {
        var address = LocalExporter.AddressOf(options);
        try
        {
            using var client = await LocalExporter.ConnectAsync(options, Deadline, stop);
            using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(ForgetEndpoint.Path + QueryOf(query), UriKind.Relative));
            if (options.TokenFile is { } file)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretFile.FirstOf(file));
            }

            using var answer = await client.SendAsync(request, stop);
            var text = (await answer.Content.ReadAsStringAsync(stop)).Trim();
            await (answer.IsSuccessStatusCode ? Console.Out : Console.Error).WriteLineAsync(text.Length > 0 ? text : $"{address} answers {(int)answer.StatusCode}: is it an exporter of this version?");
            return answer.IsSuccessStatusCode ? 0 : Refused;
        }
        catch (Exception failure) when (LocalExporter.IsAway(failure))
        {
            await Console.Error.WriteLineAsync($"No exporter answers at {address}: {failure.Message.TrimEnd('.')}. Give the exporter's own --bind and --http-port, or their variables.");
            return Refused;
        }
    }

    private static string QueryOf(RunnerQuery query)
    {
        var text = $"?name={Uri.EscapeDataString(query.Name)}";
        text += query.Type is { } type ? $"&type={Uri.EscapeDataString(type)}" : "";
        return query.Scope is { } scope ? $"{text}&scope={Uri.EscapeDataString(scope)}" : text;
    }
}

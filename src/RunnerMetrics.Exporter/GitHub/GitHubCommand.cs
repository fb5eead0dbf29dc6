using System.CommandLine;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary><c>runner-metrics-exporter github check</c>: says what the credential can do, what is missing for what, and what each costs of the rate limit.</summary>
internal static class GitHubCommand
{
    public static Command Make(ExporterCommand exporter)
    {
        var check = new Command("check", "Asks GitHub's API what the credential can do, what is missing for which feature, and what each costs of the rate limit: 0 where everything works, 1 where not.");
        foreach (var option in exporter.GitHubOptions)
        {
            check.Add(option);
        }

        check.SetAction((parsed, stop) =>
        {
            var options = exporter.ReadGitHub(parsed, out var problems);
            return problems.Count > 0 ? Task.FromResult(WrongUsage.Write(problems, check))
                : options.GitHub.IsOn ? RunAsync(options, stop)
                : Task.FromResult(WrongUsage.Write(["GitHub's API is not asked: give --github-app-id and --github-app-key-file, or --github-token-file and --github-scopes."], check));
        });
        return new Command("github", "What GitHub's API is asked for.") { check };
    }

    private static async Task<int> RunAsync(ExporterOptions options, CancellationToken stop)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddSingleton(options).AddSingleton(TimeProvider.System).AddSingleton(new MetricRegistry());
        services.AddGitHubClient(options);
        services.AddSingleton<GitHubCheck>();
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<GitHubCheck>().RunAsync(Console.Out, stop) ? 0 : 1;
    }
}

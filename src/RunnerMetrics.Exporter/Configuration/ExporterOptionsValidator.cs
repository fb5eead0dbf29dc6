using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Exporter.Repositories;
using RunnerMetrics.Exporter.Secrets;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Checks a configuration before anything is started.</summary>
internal static class ExporterOptionsValidator
{
    /// <summary>Every problem, each with what would be right; none if the configuration is valid.</summary>
    public static IReadOnlyList<string> Validate(ExporterOptions options)
    {
        List<string> problems = [];
        Port("--http-port", options.HttpPort, problems);
        Port("--grpc-port", options.GrpcPort, problems);
        if (options.HttpPort == options.GrpcPort && options.HttpPort != 0)
        {
            problems.Add($"--http-port and --grpc-port are both {options.HttpPort}: give them two different ports.");
        }

        if (!IPAddress.IsLoopback(options.GrpcBind ?? options.Bind) && options.TokenFile is null)
        {
            problems.Add($"--bind {options.Bind} opens the collector to the network: give --token-file too, or bind to 127.0.0.1.");
        }

        Tokens(options.TokenFile, problems);
        Reading(options, problems);

        if (options.WebhookSecretFile is { } secrets && WebhookSecrets.ProblemOf(secrets) is { } secretProblem)
        {
            problems.Add($"--webhook-secret-file {secrets}: {secretProblem}");
        }

        if (options.WebhooksWithoutSecret && !IPAddress.IsLoopback(options.Bind))
        {
            problems.Add($"--webhooks-without-secret with --bind {options.Bind} lets anybody forge jobs: give --webhook-secret-file instead, or bind to 127.0.0.1.");
        }

        if (options is { WebhooksWithoutSecret: true, WebhookSecretFile: not null })
        {
            problems.Add("--webhooks-without-secret and --webhook-secret-file exclude each other: leave out the first.");
        }

        problems.AddRange(options.RunnerTypeLabels.Where(label => RunnerIdentity.TypeProblem(label.Value) is not null)
            .Select(label => $"--runner-type-labels {label.Key}={label.Value}: a type is [a-z0-9][a-z0-9-]{{0,31}}, such as standard, chrome or chrome-go."));
        problems.AddRange(options.Repositories.Where(pattern => RepositoryNames.ProblemOf(pattern) is not null).Select(pattern => $"--repositories {pattern}: {RepositoryNames.ProblemOf(pattern)}"));
        Repositories("--workflow-repositories", options.Fleet.WorkflowRepositories, problems);
        Repositories("--incident-repositories", options.Fleet.IncidentRepositories, problems);
        problems.AddRange(GitHubOptionsValidator.Validate(options.GitHub));
        Certificate(options, problems);
        DataDirectory(options.DataDirectory, problems);
        Positive("--offline-after", options.Fleet.OfflineAfter, problems);
        Positive("--lost-after", options.Fleet.LostAfter, problems);
        Positive("--retention", options.Fleet.Retention, problems);
        Positive("--queued-for", options.Fleet.QueuedFor, problems);
        Positive("--history", options.History ?? TimeSpan.MaxValue, problems);
        Positive("--history-megabytes", options.HistoryMegabytes, problems);
        Positive("--token-new-runners", options.TokenLimits.NewRunnersPerHour, problems);
        Positive("--token-events", options.TokenLimits.EventsPerMinute, problems);
        Positive("--max-runners", options.Fleet.MaxRunners, problems);
        Positive("--max-label-sets", options.Fleet.MaxLabelSets, problems);
        return problems;
    }

    /// <summary>Problems with the address and the credentials of the exporter on this machine.</summary>
    public static IReadOnlyList<string> ValidateAddress(ExporterOptions options)
    {
        List<string> problems = [];
        if (options.HttpPort is < 1 or > 65535)
        {
            problems.Add($"--http-port {options.HttpPort} is not the port of a running exporter: give 1 to 65535.");
        }

        Tokens(options.TokenFile, problems);
        return problems;
    }

    private static void Tokens(string? file, List<string> problems)
    {
        if (file is { } tokens && BearerTokens.ProblemOf(tokens) is { } problem)
        {
            problems.Add($"--token-file {tokens}: {problem}");
        }
    }

    private static void Reading(ExporterOptions options, List<string> problems)
    {
        if (options.ReadTokenFile is { } file && ReadTokens.ProblemOf(file) is { } problem)
        {
            problems.Add($"--read-token-file {file}: {problem}");
        }

        if (options is { OpenPage: true, ReadTokenFile: not null })
        {
            problems.Add("--open-page and --read-token-file exclude each other: leave out the first to ask for a token, or the second to ask for none.");
        }
    }

    private static void Port(string option, int port, List<string> problems)
    {
        if (port is < 0 or > 65535)
        {
            problems.Add($"{option} {port} is not a port: give 1 to 65535, or 0 for any free one.");
        }
    }

    private static void Repositories(string option, IReadOnlyList<string> repositories, List<string> problems) =>
        problems.AddRange(repositories.Where(repository => repository.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            .Select(repository => $"{option} {repository}: give owner/name, or owner/* for all repositories of an owner."));

    private static void Positive<T>(string option, T value, List<string> problems)
        where T : IComparable<T>
    {
        if (value.CompareTo(default!) <= 0)
        {
            problems.Add($"{option} must be more than 0.");
        }
    }

    private static void Certificate(ExporterOptions options, List<string> problems)
    {
        if (options.TlsCertificate is null != options.TlsKey is null)
        {
            problems.Add("--tls-certificate and --tls-key belong together: give both, or neither.");
            return;
        }

        if (options.TlsCertificate is null)
        {
            return;
        }

        try
        {
            using var _ = X509Certificate2.CreateFromPemFile(options.TlsCertificate, options.TlsKey);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"--tls-certificate {options.TlsCertificate}: {e.Message} Give a readable PEM certificate and its unencrypted PEM key.");
        }
    }

    private static void DataDirectory(string? folder, List<string> problems)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            PrivateFolder.Create(folder);
            var probe = Path.Combine(folder, $".writable-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"--data {folder}: {e.Message} Give a folder that this user can write to.");
        }
    }
}

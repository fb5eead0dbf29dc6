using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>What the configuration says of the stack: <c>--Stack processes</c>, <c>--Ports:Grafana 3001</c>, <c>Ports__Grafana=3001</c> …; docs/developing.md lists it.</summary>
internal sealed record StackSettings
{
    private static readonly string[] Keys = ["Exporter", "Collector", "Prometheus", "Alertmanager", "Grafana", "Automation"];

    /// <summary>How to run; null: what the machine has decides.</summary>
    public StackKind? Kind { get; private init; }

    /// <summary>How much shorter simulated jobs are than real ones.</summary>
    public double Speed { get; private init; }

    /// <summary>Whether data is kept for the next run.</summary>
    public bool KeepsData { get; private init; }

    /// <summary>Whether containers send traces, metrics and logs to Aspire's dashboard.</summary>
    public bool HasTelemetry { get; private init; }

    /// <summary>A folder with the addresses that Alertmanager sends to; null: nobody is notified.</summary>
    public string? AlertmanagerSecrets { get; private init; }

    /// <summary>Whether runners are real ones, registered at GitHub.</summary>
    public bool HasGitHub { get; private init; }

    /// <summary>The images.</summary>
    public required StackImages Images { get; init; }

    private Dictionary<string, int> Ports { get; init; } = [];

    /// <summary>The port of an endpoint on this machine.</summary>
    public int PortOf(string name, int fallback) => Ports.GetValueOrDefault(name, fallback);

    /// <summary>Reads them.</summary>
    /// <exception cref="StackProblemsException">Something is wrong with them.</exception>
    public static StackSettings Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var settings = new StackSettings
        {
            Kind = ReadKind(configuration["Stack"], problems),
            Speed = ReadSpeed(configuration["Speed"], problems),
            KeepsData = ReadFlag(configuration, "KeepData", true, problems),
            HasTelemetry = ReadFlag(configuration, "Telemetry", true, problems),
            AlertmanagerSecrets = ReadFolder(configuration["AlertmanagerSecrets"], problems),
            HasGitHub = ReadGitHub(configuration, problems),
            Images = StackImages.Read(configuration, problems),
            Ports = ReadPorts(configuration.GetSection("Ports"), problems),
        };
        if (settings is { Kind: StackKind.Processes, HasGitHub: true })
        {
            problems.Add("Real runners run in containers: give --Stack containers, or leave out Parameters:github-url and Parameters:github-token.");
        }

        return problems.Count == 0 ? settings : throw new StackProblemsException(problems);
    }

    /// <summary>Whether a switch is on: true or false.</summary>
    internal static bool ReadFlag(IConfiguration configuration, string key, bool fallback, List<string> problems)
    {
        switch (configuration[key])
        {
            case null or "":
                return fallback;
            case { } text when bool.TryParse(text, out var flag):
                return flag;
            case { } text:
                problems.Add($"{key} must be true or false; it is '{text}'.");
                return fallback;
        }
    }

    private static StackKind? ReadKind(string? text, List<string> problems)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!int.TryParse(text, out _) && Enum.TryParse<StackKind>(text, ignoreCase: true, out var kind))
        {
            return kind;
        }

        problems.Add($"Stack must be containers or processes, or be left out; it is '{text}'.");
        return null;
    }

    private static double ReadSpeed(string? text, List<string> problems)
    {
        const double Usual = 20;
        if (string.IsNullOrEmpty(text))
        {
            return Usual;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is >= 0.1 and <= 10_000)
        {
            return speed;
        }

        problems.Add($"Speed must be a number from 0.1 to 10000, for example 60; it is '{text}'.");
        return Usual;
    }

    private static string? ReadFolder(string? text, List<string> problems)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!Directory.Exists(text))
        {
            problems.Add($"AlertmanagerSecrets must be a folder with files such as slack_url (docs/alerting.md); there is no folder '{text}'.");
        }

        return Path.GetFullPath(text);
    }

    // An environment variable cannot have the dash: Parameters__github_url.
    private static bool ReadGitHub(IConfiguration configuration, List<string> problems)
    {
        var hasUrl = Has("github-url");
        var hasToken = Has("github-token");
        if (hasUrl && !hasToken)
        {
            problems.Add("Parameters:github-url has no token: give a registration token too, in Parameters__github_token or by 'dotnet user-secrets set Parameters:github-token'.");
        }
        else if (hasToken && !hasUrl)
        {
            problems.Add("Parameters:github-token has no address: give the organization or the repository too, for example --Parameters:github-url https://github.com/acme.");
        }

        return hasUrl && hasToken;

        bool Has(string name) =>
            !string.IsNullOrEmpty(configuration[$"Parameters:{name}"]) || !string.IsNullOrEmpty(configuration[$"Parameters:{name.Replace('-', '_')}"]);
    }

    private static Dictionary<string, int> ReadPorts(IConfigurationSection section, List<string> problems)
    {
        var ports = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"Ports:{child.Key} is no port of the stack: {string.Join(", ", Keys.Select(key => $"Ports:{key}"))}.");
            }
            else if (int.TryParse(child.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536)
            {
                ports[child.Key] = port;
            }
            else
            {
                problems.Add($"Ports:{child.Key} must be a port from 1 to 65535; it is '{child.Value}'.");
            }
        }

        return ports;
    }
}

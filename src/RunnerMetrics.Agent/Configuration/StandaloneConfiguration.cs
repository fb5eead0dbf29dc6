using System.Globalization;
using System.Net;
using RunnerMetrics.Agent.Standalone;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>Checks what is asked of an agent that serves its metrics itself.</summary>
internal static class StandaloneConfiguration
{
    private static readonly StandaloneOptions Usual = new() { DataDirectory = "" };

    public static StandaloneOptions? Validate(GivenOptions given, List<string> problems)
    {
        var before = problems.Count;
        var (port, bind) = (Usual.HttpPort, Usual.Bind);
        if (given.HttpPort is { } number && !(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort))
        {
            problems.Add($"--http-port '{number}' is no port: give 1 to 65535, or 0 for any free one.");
        }

        // A bare number is an address too.
        if (given.Bind is { } address && !(IPAddress.TryParse(address, out bind!) && address.AsSpan().ContainsAny('.', ':')))
        {
            problems.Add($"--bind '{address}' is not an IP address: give one such as 127.0.0.1 or 0.0.0.0.");
        }

        if (string.IsNullOrWhiteSpace(given.Data))
        {
            problems.Add("--data is missing: give --standalone a folder for what must outlive the process.");
        }
        else if (File.Exists(given.Data))
        {
            problems.Add($"--data {given.Data} is a file: give --standalone a folder for what must outlive the process.");
        }

        if (!string.IsNullOrWhiteSpace(given.Collector))
        {
            problems.Add("--collector and --standalone exclude each other: report to an exporter, or be one.");
        }

        return problems.Count > before ? null : new StandaloneOptions { HttpPort = port, Bind = bind, DataDirectory = given.Data! };
    }
}

using System.Text;
using System.Text.Json;
using RunnerMetrics.Agent.Files;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>The folder that a runner was unpacked into: <c>_diag</c> is in it, and what <c>config.sh</c> wrote.</summary>
internal sealed class RunnerFolder(string path)
{
    private const int LongestFile = 64 * 1024;

    public string Path { get; } = path;

    /// <summary>The folder that a _diag folder is in.</summary>
    public static RunnerFolder Of(string diag) =>
        new(System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(diag))) ?? "/");

    /// <summary>Whether a runner was unpacked here.</summary>
    public bool IsRunners => File.Exists(System.IO.Path.Combine(Path, ".runner"))
        || File.Exists(System.IO.Path.Combine(Path, "run.sh")) || File.Exists(System.IO.Path.Combine(Path, "run.cmd"));

    /// <summary>
    /// The settings of the registration, in <c>.runner</c>; nothing if there is none, as where _diag alone is mounted, or it cannot be read.
    /// actions/runner 2.337.0, ConfigurationStore.cs, writes it as UTF-8 with a byte order mark:
    /// <c>{ "agentId": 7, "agentName": "build-1", "gitHubUrl": "https://github.com/acme", "ephemeral": true, …</c>. The labels do not stand there.
    /// </summary>
    public RunnerSettings ReadSettings()
    {
        try
        {
            var content = UntrustedFile.Read(System.IO.Path.Combine(Path, ".runner"), LongestFile) ?? [];
            using var settings = JsonDocument.Parse(content.AsMemory(content.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
            string? name = null;
            string? address = null;
            long id = 0;
            var ephemeral = false;
            foreach (var property in settings.RootElement.ValueKind == JsonValueKind.Object ? settings.RootElement.EnumerateObject() : default)
            {
                var value = property.Value;
                switch (property.Name.ToUpperInvariant())
                {
                    case "AGENTNAME" when value.ValueKind == JsonValueKind.String:
                        name = value.GetString();
                        break;
                    case "GITHUBURL" when value.ValueKind == JsonValueKind.String:
                        address = value.GetString();
                        break;
                    case "AGENTID" when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number > 0:
                        id = number;
                        break;
                    case "EPHEMERAL":
                        ephemeral = value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.ValueEquals("true"));
                        break;
                }
            }

            return RunnerSettings.IsName(name) ? new RunnerSettings(name!, RunnerSettings.ScopeOf(address), id, ephemeral) : RunnerSettings.Unknown;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return RunnerSettings.Unknown;
        }
    }

    /// <summary>The settings of <c>.runner</c>, or a given name if they cannot be read.</summary>
    public RunnerSettings ReadSettings(string? givenName) =>
        ReadSettings() is { Name.Length: > 0 } settings ? settings : RunnerSettings.Unknown with { Name = givenName ?? "" };

    /// <summary>What the runner's <c>.env</c> gives to its jobs as a variable; nothing if it does not.</summary>
    public string? ReadEnvironment(string variable)
    {
        try
        {
            return Encoding.UTF8.GetString(UntrustedFile.Read(System.IO.Path.Combine(Path, ".env"), LongestFile) ?? []).Split('\n')
                .Where(line => line.StartsWith(variable + "=", StringComparison.Ordinal)).Select(line => line[(variable.Length + 1)..].Trim()).LastOrDefault(value => value.Length > 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace RunnerMetrics.AppHost.Preflight;

/// <summary>The container engine that Aspire would use, asked with its own program.</summary>
internal static class ContainerEngine
{
    private const int OldestClient = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long the engine may take to do something, on a busy machine.</summary>
    public static readonly TimeSpan TimeToAct = TimeSpan.FromMinutes(1);

    /// <summary>docker, or what <c>ASPIRE_CONTAINER_RUNTIME</c> names.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } runtime ? runtime : "docker";

    /// <summary>Finds out why no container can be run here.</summary>
    /// <param name="builds">Whether images are built too.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <returns>A sentence with what would fix it; null if nothing is in the way.</returns>
    public static async Task<string?> FindProblemAsync(bool builds, CancellationToken cancelled)
    {
        var (exitCode, said) = await AskAsync(["version", "--format", "json"], cancelled);
        if (exitCode is null)
        {
            return $"{Program} is not on the PATH: install Docker {OldestClient} or later, or give --Stack processes.";
        }

        if (exitCode != 0)
        {
            return $"No container engine answers {Program}: start it, or give --Stack processes.";
        }

        if (Program == "docker" && ClientOf(said) is { } version && version.Major < OldestClient)
        {
            return $"The docker program is version {version}, and Aspire wants {OldestClient} or later: install a newer one, or give --Stack processes.";
        }

        return builds && Program == "docker" && (await AskAsync(["buildx", "version"], cancelled)).ExitCode != 0
            ? "docker has no buildx, which builds the images: install it (package docker-buildx-plugin), build them with 'docker build' and give --Build:Prebuilt true, or give --Stack processes."
            : null;
    }

    /// <summary>Asks the engine.</summary>
    /// <param name="arguments">What to ask.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <param name="patience">How long the answer may take; 10 s if nothing is said.</param>
    /// <returns>The exit code, null if there is no such program, and all that it said.</returns>
    public static async Task<(int? ExitCode, string Said)> AskAsync(string[] arguments, CancellationToken cancelled, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(patience ?? Patience);
        try
        {
            return await RunAsync(arguments, limit.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return (-1, $"{Program} {arguments[0]} did not answer within {(patience ?? Patience).TotalSeconds:0} s.");
        }
    }

    /// <summary>Pulls an image, without a time-out.</summary>
    public static async Task<bool> PullAsync(string image, CancellationToken cancelled) => (await RunAsync(["pull", "--quiet", image], cancelled)).ExitCode == 0;

    internal static Version? ClientOf(string answer)
    {
        try
        {
            // {"Client":{"Version":"28.2.2",…},"Server":{…}}
            using var json = JsonDocument.Parse(answer);
            return Version.TryParse(json.RootElement.GetProperty("Client").GetProperty("Version").GetString()?.Split('-', '+')[0], out var version) ? version : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<(int? ExitCode, string Said)> RunAsync(string[] arguments, CancellationToken cancelled)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return (null, "");
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancelled);
            var errors = process.StandardError.ReadToEndAsync(cancelled);
            await process.WaitForExitAsync(cancelled);
            return (process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

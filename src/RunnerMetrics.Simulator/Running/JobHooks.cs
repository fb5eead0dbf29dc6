using System.Diagnostics;
using System.Globalization;
using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Running;

/// <summary>Runs a runner's configured job hooks, as the real one does, and leaves a job's cache reports where its steps would.</summary>
internal sealed class JobHooks(SimulatorOptions options)
{
    private static readonly string[] Caches = ["npm", "buildkit", "apt"];

    public Task StartedAsync(JobPlan job) => RunAsync(options.StartedHook, job);

    public Task CompletedAsync(JobPlan job) => RunAsync(options.CompletedHook, job);

    /// <summary>What a step would report with <c>runner-metrics-agent cache report</c>: the same file.</summary>
    public void ReportCache(JobPlan job, DateTimeOffset now)
    {
        if (options.HookFolder is not { } folder || !Directory.Exists(folder))
        {
            return;
        }

        var random = new Random(job.Seed);
        var name = $"cache-{Guid.NewGuid():N}";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"runner-metrics-cache 1\nTIME={now.ToUnixTimeSeconds()}\nTYPE={Caches[random.Next(Caches.Length)]}\nHITS={random.Next(20, 200)}\nMISSES={random.Next(0, 40)}\nend\n");
        var aside = Path.Combine(folder, $".{name}.new");
        File.WriteAllText(aside, text);
        File.Move(aside, Path.Combine(folder, name + ".cache"));
    }

    // The runner's own way: bash -e, no input, and what it gives a hook of a job.
    private async Task RunAsync(string? script, JobPlan job)
    {
        if (script is null)
        {
            return;
        }

        var start = new ProcessStartInfo("bash", ["-e", script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in new (string, string)[]
        {
            ("RUNNER_NAME", options.RunnerName),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", job.Repository),
            ("GITHUB_WORKFLOW", job.Workflow),
            ("GITHUB_RUN_ID", job.RunId.ToString(CultureInfo.InvariantCulture)),
            ("GITHUB_RUN_ATTEMPT", job.RunAttempt.ToString(CultureInfo.InvariantCulture)),
            ("GITHUB_JOB", job.Job),
        })
        {
            start.Environment[name] = value;
        }

        if (options.HookFolder is { } folder)
        {
            start.Environment["RUNNER_METRICS_HOOKS"] = folder;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}

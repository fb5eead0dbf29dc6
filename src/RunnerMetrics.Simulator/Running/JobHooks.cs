using System.Diagnostics;
using System.Globalization;
using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Running;

/// <summary>Runs a runner's configured job hooks, as the real one does, and leaves a job's cache reports where its steps would.</summary>
internal sealed class JobHooks(SimulatorOptions options)
{
    private static readonly string[] Caches = ["npm", "buildkit", "apt"];

    public async Task StartedAsync(JobPlan job) => options.OnStepVariables?.Invoke(job.RunId, await RunAsync(options.StartedHook, job));

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

    // The runner's own way: bash -e, no input, and what it gives a hook of a job. What the hook leaves in GITHUB_ENV, the job's steps get.
    private async Task<IReadOnlyDictionary<string, string>> RunAsync(string? script, JobPlan job)
    {
        if (script is null)
        {
            return new Dictionary<string, string>();
        }

        var variables = Path.GetTempFileName();
        try
        {
            await RunAsync(script, job, variables);
            return Read(await File.ReadAllLinesAsync(variables));
        }
        finally
        {
            File.Delete(variables);
        }
    }

    // As FileCommandManager.cs of the runner reads NAME=VALUE.
    private static Dictionary<string, string> Read(string[] lines)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw new InvalidDataException($"Invalid format '{line}' in GITHUB_ENV: the runner fails a job for it. Write NAME=VALUE.");
            }

            variables[line[..equals]] = line[(equals + 1)..];
        }

        return variables;
    }

    private async Task RunAsync(string script, JobPlan job, string variables)
    {
        var start = new ProcessStartInfo("bash", ["-e", script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in (IEnumerable<(string, string)>)
        [
            ("RUNNER_NAME", options.RunnerName),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", job.Repository),
            ("GITHUB_WORKFLOW", job.Workflow),
            ("GITHUB_RUN_ID", job.RunId.ToString(CultureInfo.InvariantCulture)),
            ("GITHUB_RUN_ATTEMPT", job.RunAttempt.ToString(CultureInfo.InvariantCulture)),
            ("GITHUB_JOB", job.Job),
            ("GITHUB_ENV", variables),
            .. options.HookEnvironment.Select(variable => (variable.Key, variable.Value)),
        ])
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

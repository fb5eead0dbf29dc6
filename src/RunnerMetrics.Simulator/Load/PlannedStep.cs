namespace RunnerMetrics.Simulator.Load;

/// <summary>A step of a job.</summary>
/// <param name="Name">Its display name.</param>
/// <param name="Script">What it runs.</param>
/// <param name="Duration">How long it takes at speed 1.</param>
internal sealed record PlannedStep(string Name, string Script, TimeSpan Duration)
{
    /// <summary>The condition of steps that run come what may.</summary>
    public const string Always = "always()";

    /// <summary><c>success()</c> or <see cref="Always"/>.</summary>
    public string Condition { get; init; } = "success()";

    /// <summary>What its process exits with.</summary>
    public int ExitCode { get; init; }

    /// <summary>Whether its process ends when it is interrupted; one that does not is killed after 10 seconds.</summary>
    public bool HonoursInterrupt { get; init; } = true;
}

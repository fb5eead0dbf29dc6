namespace RunnerMetrics.Simulator.Running;

/// <summary>What a simulated runner is, and what it does.</summary>
public sealed class SimulatorOptions
{
    /// <summary>The <c>_diag</c> folder that it writes into; created if it is missing.</summary>
    public required string DiagDirectory { get; init; }

    /// <summary>The runner's name.</summary>
    public required string RunnerName { get; init; }

    /// <summary>One of <c>standard</c>, <c>chrome</c>, <c>chrome-go</c>: each gets jobs of its own kind.</summary>
    public string RunnerType { get; init; } = "standard";

    /// <summary>The same seed makes the same sequence of jobs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How much shorter than real ones jobs and idle times are: at 60, a job of 5 minutes takes 5 seconds. Clocks are never bent: what
    /// the logs say really passed. The runner's own second and a half a job cannot be hurried.
    /// </summary>
    public double Speed { get; init; } = 1;

    /// <summary>Whether the runner takes one job and exits.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>A script that is run before a job's own steps, as <c>ACTIONS_RUNNER_HOOK_JOB_STARTED</c> is; null: none.</summary>
    public string? StartedHook { get; init; }

    /// <summary>The same for <c>ACTIONS_RUNNER_HOOK_JOB_COMPLETED</c>, behind them.</summary>
    public string? CompletedHook { get; init; }

    /// <summary>The agent's hook folder: hooks write there, and every job that succeeds leaves a cache report; null: none.</summary>
    public string? HookFolder { get; init; }

    /// <summary>What else the hooks find in their environment.</summary>
    public Dictionary<string, string> HookEnvironment { get; init; } = [];

    /// <summary>Hears of the variables that the started hook of a run's job gave its steps.</summary>
    public Action<long, IReadOnlyDictionary<string, string>>? OnStepVariables { get; init; }

    /// <summary>After how many jobs the runner is stopped; null: never.</summary>
    public int? Jobs { get; init; }

    /// <summary>Where the program delivers GitHub's webhooks; null: nowhere.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>A file whose first line signs them; null: they are not signed.</summary>
    public string? WebhookSecretFile { get; init; }

    /// <summary>A simulated GitHub, at which the runner is registered and which delivers the webhooks; null: there is none.</summary>
    public Uri? SimulatedGitHub { get; init; }

    /// <summary>The agent's program, with which the program reports incidents and reworks; null: none are reported.</summary>
    public string? AgentProgram { get; init; }

    /// <summary>A folder in which files named <c>fail</c> and <c>drain</c> are orders to the runner; null: no orders.</summary>
    public string? OrderFolder { get; init; }

    /// <summary>The size of a page of the logs in bytes; the runner's own is 8 MB.</summary>
    public int PageBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>False writes lines buffered: for a history that is not read while it is written.</summary>
    internal bool FlushesEachLine { get; init; } = true;
}

using System.CommandLine;
using System.CommandLine.Invocation;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.Simulator.CommandLine;

/// <summary>The program's options. Each can come from the environment: <c>--diag</c> from <c>RUNNER_METRICS_DIAG</c>.</summary>
internal sealed class SimulatorCommand
{
    private readonly Option<string?> _diag;
    private readonly Option<string?> _runnerName;
    private readonly Option<string> _runnerType;
    private readonly Option<int> _seed;
    private readonly Option<double> _speed;
    private readonly Option<int?> _jobs;
    private readonly Option<bool> _ephemeral;
    private readonly Option<string?> _startedHook;
    private readonly Option<string?> _completedHook;
    private readonly Option<string?> _hooks;
    private readonly Option<string?> _webhookUrl;
    private readonly Option<string?> _webhookSecretFile;
    private readonly Option<string?> _agent;
    private readonly Option<string?> _orders;
    private readonly RootCommand _root;

    /// <param name="environment">Reads an environment variable.</param>
    public SimulatorCommand(Func<string, string?> environment)
    {
        var checks = new OptionFactory(environment);
        _diag = checks.Text("--diag", "RUNNER_METRICS_DIAG", "The _diag folder to write into.");
        _runnerName = checks.Text("--runner-name", "RUNNER_NAME", "The runner's name.");
        _runnerType = checks.RunnerType();
        _seed = checks.Seed();
        _speed = checks.Speed();
        _jobs = checks.Jobs();
        _ephemeral = new Option<bool>("--ephemeral") { Description = "Take one job and be gone." };
        _startedHook = checks.Text("--started-hook", "ACTIONS_RUNNER_HOOK_JOB_STARTED", "A script that is run when a job starts.");
        _completedHook = checks.Text("--completed-hook", "ACTIONS_RUNNER_HOOK_JOB_COMPLETED", "A script that is run when its steps are over.");
        _hooks = checks.Text("--hooks", "RUNNER_METRICS_HOOKS", "The agent's hook folder, where jobs leave cache reports.");
        _webhookUrl = checks.Text("--webhook-url", "RUNNER_METRICS_WEBHOOK_URL", "Where to deliver GitHub's webhooks: http://127.0.0.1:9091/webhooks/github");
        _webhookSecretFile = checks.Text("--webhook-secret-file", "RUNNER_METRICS_WEBHOOK_SECRET_FILE", "A file whose first line signs the webhooks.");
        _agent = checks.Text("--agent", "RUNNER_METRICS_AGENT", "The agent's program: incidents and reworks are reported with it, to RUNNER_METRICS_COLLECTOR.");
        _orders = checks.Text("--orders", "RUNNER_METRICS_ORDERS", "A folder: a file 'fail' in it makes the next job fail, at once; a file 'drain' ends the runner behind its job.");
        _root = new RootCommand("Writes the files of an Actions runner as the real one does, with a seeded, realistic load.")
        {
            _diag, _runnerName, _runnerType, _seed, _speed, _jobs, _ephemeral, _startedHook, _completedHook, _hooks, _webhookUrl,
            _webhookSecretFile, _agent, _orders,
        };
    }

    /// <summary>Reads the command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Takes help, where it is asked for.</param>
    /// <param name="error">Takes every problem, one a line, each saying what would be right.</param>
    /// <returns>The options; or null with the exit code: 0 after help, 2 after a problem.</returns>
    public (SimulatorOptions? Options, int ExitCode) Parse(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var result = _root.Parse(args);
        if (result.Action is not null and not ParseErrorAction)
        {
            return (null, result.Invoke(new InvocationConfiguration { Output = output, Error = error }));
        }

        var problems = result.Errors.Select(problem => Explain(problem.Message)).ToList();
        var diag = result.GetValue(_diag);
        var runnerName = result.GetValue(_runnerName);
        if (string.IsNullOrWhiteSpace(diag))
        {
            problems.Add("--diag is missing: name the folder to write the logs into, for example --diag /tmp/runner-1/_diag.");
        }

        if (string.IsNullOrWhiteSpace(runnerName))
        {
            problems.Add("--runner-name is missing: name the runner, for example --runner-name runner-1.");
        }

        var webhookUrl = result.GetValue(_webhookUrl);
        var isUrl = Uri.TryCreate(webhookUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (webhookUrl is not null && !isUrl)
        {
            problems.Add($"--webhook-url must be an address such as http://127.0.0.1:9091/webhooks/github; it is '{webhookUrl}'.");
        }

        var secretFile = result.GetValue(_webhookSecretFile);
        if (secretFile is not null && !File.Exists(secretFile))
        {
            problems.Add($"--webhook-secret-file must be a file; there is no '{secretFile}'.");
        }

        var agent = result.GetValue(_agent);
        if (agent is not null && webhookUrl is null)
        {
            problems.Add("--agent reports what belongs to webhooks: give --webhook-url too.");
        }

        if (problems.Count > 0)
        {
            problems.ForEach(error.WriteLine);
            return (null, 2);
        }

        return (new SimulatorOptions
        {
            DiagDirectory = Path.GetFullPath(diag!),
            RunnerName = runnerName!,
            RunnerType = result.GetValue(_runnerType)!,
            Seed = result.GetValue(_seed),
            Speed = result.GetValue(_speed),
            Jobs = result.GetValue(_jobs),
            Ephemeral = result.GetValue(_ephemeral),
            StartedHook = result.GetValue(_startedHook) is { Length: > 0 } started ? started : null,
            CompletedHook = result.GetValue(_completedHook) is { Length: > 0 } completed ? completed : null,
            HookFolder = result.GetValue(_hooks) is { Length: > 0 } hooks ? hooks : null,
            WebhookUrl = webhookUrl is null ? null : url,
            WebhookSecretFile = secretFile,
            AgentProgram = agent,
            OrderFolder = result.GetValue(_orders) is { Length: > 0 } orders ? orders : null,
        }, 0);
    }

    private static string Explain(string problem) => problem.StartsWith("Unrecognized", StringComparison.Ordinal)
        ? problem.TrimEnd('.') + ": --help lists what there is."
        : problem;
}

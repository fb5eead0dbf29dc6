using System.CommandLine;
using System.CommandLine.Invocation;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.Simulator.CommandLine;

/// <summary>The program's options.</summary>
internal sealed class SimulatorCommand
{
    /// <summary>The program's name, for where it is named to people.</summary>
    public const string Program = "runner-metrics-simulator";

    private readonly ProgramOption<string?> _diag;
    private readonly ProgramOption<string?> _runnerName;
    private readonly ProgramOption<string> _runnerType;
    private readonly ProgramOption<int> _seed;
    private readonly ProgramOption<double> _speed;
    private readonly ProgramOption<int?> _jobs;
    private readonly ProgramOption<bool> _ephemeral;
    private readonly ProgramOption<string?> _startedHook;
    private readonly ProgramOption<string?> _completedHook;
    private readonly ProgramOption<string?> _hooks;
    private readonly ProgramOption<Uri?> _webhookUrl;
    private readonly ProgramOption<string?> _webhookSecretFile;
    private readonly ProgramOption<Uri?> _simulatedGitHub;
    private readonly ProgramOption<string?> _agent;
    private readonly ProgramOption<string?> _orders;

    /// <param name="environment">Reads an environment variable.</param>
    public SimulatorCommand(Func<string, string?> environment)
    {
        var options = new ProgramOptions(environment);
        _diag = options.Text("--diag", "DIR", "The _diag folder to write into");
        _runnerName = options.DescribeAs("--runner-name", "RUNNER_NAME", Texts.Any("NAME"), null, "The runner's name");
        _runnerType = options.DescribeAs(
            "--runner-type", "RUNNER_TYPE", Texts.OneOf("TYPE", [.. RunnerTypeMix.Types.Select(type => (type, type))]), "standard", "standard, chrome or chrome-go: which jobs it gets");
        _seed = options.Describe("--seed", Numbers.Whole, 1, "The same seed makes the same sequence of jobs");
        _speed = options.Describe("--speed", Numbers.Between(0.1, 10_000), 1.0, "How much shorter jobs are: at 60, one of 5 minutes takes 5 seconds");
        _jobs = options.Describe("--jobs", Numbers.Between(1, int.MaxValue).OrNone(), null, "Stop after this number of jobs; without it, run until stopped");
        _ephemeral = options.FlagWithoutVariable("--ephemeral", "Take one job and exit");
        _startedHook = options.DescribeAs("--started-hook", "ACTIONS_RUNNER_HOOK_JOB_STARTED", Texts.Any("FILE"), null, "A script that is run when a job starts");
        _completedHook = options.DescribeAs("--completed-hook", "ACTIONS_RUNNER_HOOK_JOB_COMPLETED", Texts.Any("FILE"), null, "A script that is run when a job's steps have ended");
        _hooks = options.Text("--hooks", "DIR", "The agent's hook folder, where jobs leave cache reports");
        _webhookUrl = options.Describe(
            "--webhook-url", Addresses.Url("http://127.0.0.1:9091/webhooks/github"), null, "Where to deliver GitHub's webhooks: http://127.0.0.1:9091/webhooks/github");
        _webhookSecretFile = options.Text("--webhook-secret-file", "FILE", "A file whose first line signs the webhooks");
        _simulatedGitHub = options.Describe(
            "--simulated-github", Addresses.Service("http://127.0.0.1:9099"), null, "A GitHub of 'runner-metrics-simulator github': the runner registers there, and it delivers the webhooks in place of --webhook-url");
        _agent = options.Text("--agent", "FILE", "The agent's program: incidents and reworks are reported with it, to RUNNER_METRICS_COLLECTOR");
        _orders = options.Text("--orders", "DIR", "A folder: a file 'fail' in it makes the next job fail, at once; a file 'drain' stops the runner after its job");
        Root = new RootCommand("Writes the files of an Actions runner as a real one does, with a seeded, realistic load.")
        {
            _diag, _runnerName, _runnerType, _seed, _speed, _jobs, _ephemeral, _startedHook, _completedHook, _hooks, _webhookUrl,
            _webhookSecretFile, _simulatedGitHub, _agent, _orders,
        };
    }

    /// <summary>The command.</summary>
    public RootCommand Root { get; }

    /// <summary>Reads the command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Takes help, where it is asked for.</param>
    /// <param name="error">Takes every problem, one per line, each saying what would be right.</param>
    /// <returns>The options; or null with the exit code: 0 after help, 2 after a problem.</returns>
    public (SimulatorOptions? Options, int ExitCode) Parse(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var parsed = Root.Parse(args);
        if (parsed.Action is not null and not ParseErrorAction)
        {
            return (null, parsed.Invoke(new InvocationConfiguration { Output = output, Error = error }));
        }

        List<string> problems = [.. UsageProblems.Of(parsed)];
        var diag = _diag.Value(parsed);
        var runnerName = _runnerName.Value(parsed);
        if (string.IsNullOrWhiteSpace(diag))
        {
            problems.Add("--diag is missing: give the folder to write the logs into, such as /tmp/runner-1/_diag.");
        }

        if (string.IsNullOrWhiteSpace(runnerName))
        {
            problems.Add("--runner-name is missing: give the runner's name, such as runner-1.");
        }

        var secretFile = _webhookSecretFile.Value(parsed);
        if (secretFile is not null && !File.Exists(secretFile))
        {
            problems.Add($"--webhook-secret-file {secretFile}: there is no such file: give one whose first line is the secret.");
        }

        var (agent, webhookUrl, simulatedGitHub) = (_agent.Value(parsed), _webhookUrl.Value(parsed), _simulatedGitHub.Value(parsed));
        if (agent is not null && webhookUrl is null && simulatedGitHub is null)
        {
            problems.Add("--agent needs --webhook-url or --simulated-github too.");
        }

        if (webhookUrl is not null && simulatedGitHub is not null)
        {
            problems.Add("--webhook-url and --simulated-github exclude each other: webhooks come from the runner, or from its GitHub.");
        }

        if (problems.Count > 0)
        {
            return (null, UsageProblems.Write(error, problems, Program));
        }

        return (new SimulatorOptions
        {
            DiagDirectory = Path.GetFullPath(diag!),
            RunnerName = runnerName!,
            RunnerType = _runnerType.Value(parsed),
            Seed = _seed.Value(parsed),
            Speed = _speed.Value(parsed),
            Jobs = _jobs.Value(parsed),
            Ephemeral = _ephemeral.Value(parsed),
            StartedHook = NoneIfEmpty(_startedHook.Value(parsed)),
            CompletedHook = NoneIfEmpty(_completedHook.Value(parsed)),
            HookFolder = NoneIfEmpty(_hooks.Value(parsed)),
            WebhookUrl = webhookUrl,
            WebhookSecretFile = secretFile,
            SimulatedGitHub = simulatedGitHub,
            AgentProgram = agent,
            OrderFolder = NoneIfEmpty(_orders.Value(parsed)),
        }, ExitCode.Done);
    }

    private static string? NoneIfEmpty(string? text) => text is { Length: > 0 } ? text : null;
}

using System.Collections.Concurrent;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Demo.CommandLine;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.Demo.Running;

/// <summary>One simulated runner, and the real agent beside it.</summary>
internal sealed class DemoRunner
{
    private readonly ConcurrentQueue<SimulatedJob> _finished = new();
    private readonly SimulatedRunner _runner;
    private readonly AgentOptions _agent;

    public DemoRunner(LocalRunner runner, string folder, DemoOptions options, Action<WorkflowJobNews> tell)
    {
        Name = runner.Name;
        Type = runner.Type;
        var diag = Path.Combine(folder, Name, "_diag");
        var hooks = Directory.CreateDirectory(Path.Combine(folder, Name, "hooks")).FullName;
        _runner = new SimulatedRunner(
            new SimulatorOptions { DiagDirectory = diag, RunnerName = Name, RunnerType = Type, Seed = runner.Seed, Speed = options.Speed, HookFolder = hooks }, TimeProvider.System)
        {
            Id = DemoGitHub.IdOf(runner),
            OnJobFinished = _finished.Enqueue,
            OnWorkflowJob = tell,
        };
        _agent = new AgentOptions
        {
            Diag = diag,
            Hooks = hooks,
            Spool = Path.Combine(folder, Name, "spool"),
            RunnerName = Name,
            RunnerType = Type,
            Collector = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", options.GrpcPort).Uri,
        };
    }

    /// <summary>The runner's name.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public string Type { get; }

    /// <summary>What the simulator knows that it did.</summary>
    public IReadOnlyCollection<SimulatedJob> Finished => _finished;

    /// <summary>Runs jobs until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) => _runner.RunAsync(stop);

    /// <summary>Reads the runner's files and reports them until it is stopped.</summary>
    public Task<int> RunAgentAsync(ILoggerFactory loggers, CancellationToken stop) => AgentApplication.RunAsync(_agent, loggers, TimeProvider.System, stop);
}

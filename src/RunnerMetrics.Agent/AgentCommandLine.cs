using System.CommandLine;
using RunnerMetrics.Agent.Caches;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Deployments;
using RunnerMetrics.Agent.Doctor;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Agent;

/// <summary>The command line: <c>runner-metrics-agent run --diag DIR …</c>, each option also from the environment.</summary>
internal sealed class AgentCommandLine
{
    private readonly RunOptions _options;
    private readonly CacheCommand _cache;
    private readonly RootCommand _root = new("Reads the logs of a GitHub Actions runner and reports its jobs to the exporter.");

    /// <summary>Makes the command line.</summary>
    /// <param name="run">Runs the agent as configured.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="errors">Takes every problem of the configuration, on its own line.</param>
    public AgentCommandLine(Func<AgentOptions, Task<int>> run, Func<string, string?> environment, TextWriter errors)
        : this(run, environment, errors, TimeProvider.System, Console.OpenStandardInput, Console.OpenStandardOutput)
    {
    }

    internal AgentCommandLine(
        Func<AgentOptions, Task<int>> run, Func<string, string?> environment, TextWriter errors, TimeProvider time, Func<Stream> input, Func<Stream> output,
        Discovery? discovery = null)
    {
        _options = new RunOptions(environment, discovery ?? new Discovery(environment), ownCollector: null);
        var command = new Command("run", "Follows a runner's logs and reports its state and jobs.");
        _options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var problems = new List<string>();
            if (_options.Read(parsed, problems) is { } options)
            {
                return await run(options);
            }

            return UsageProblems.Write(errors, problems, AgentProgram.Name, command);
        });
        _root.Add(command);
        _cache = new CacheCommand(_options.Hooks, time, input, output);
        _root.Add(_cache.Command);
        _root.Add(DoctorCommand.Make(_options, environment, time));
        ReportCommands.AddTo(_root, _options.Collector, _options.TokenFile, environment);
    }

    /// <summary>Runs the command.</summary>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var parsed = _root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            if (parsed.CommandResult.Command == _cache.Parse)
            {
                return await _cache.ParseAsync(parsed, errors);
            }

            return UsageProblems.Write(errors, UsageProblems.Of(parsed), AgentProgram.Name, parsed.CommandResult.Command);
        }

        // The program handles signals itself: the agent exits with 0 on a stop signal.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }
}

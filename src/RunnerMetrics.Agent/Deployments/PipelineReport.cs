using System.CommandLine;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Agent.Deployments;

/// <summary>The report commands of the agent's program, for a program that contains the agent.</summary>
public static class PipelineReport
{
    /// <summary>Runs <c>runner-metrics-agent</c> with the same arguments.</summary>
    /// <param name="arguments"><c>deployment report …</c> or <c>incident report …</c></param>
    /// <param name="collector">The collector's address, if the arguments have none.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="errors">Takes every problem, on its own line.</param>
    /// <returns>0: done; 1: it could not be reported; 2: the arguments are wrong.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, Uri collector, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(collector);
        var root = new RootCommand();
        var options = new ProgramOptions(static _ => null);
        var address = options.DescribeAs("--collector", null, Texts.Any("URL"), collector.ToString(), "The exporter's gRPC address");
        ReportCommands.AddTo(root, address, options.Text("--token-file", "FILE", "A file with the collector's token"), static _ => null);
        return root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
    }
}

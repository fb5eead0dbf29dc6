using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Doctor;

/// <summary>Looks at everything that an agent needs, changes none of it, and says what it sees and what to do.</summary>
internal sealed class AgentDoctor(Func<string, string?> environment, TimeProvider time)
{
    /// <summary>Looks, and writes a line for each thing that it looked at.</summary>
    /// <returns>0 on success, 1 if there is a problem.</returns>
    public async Task<int> RunAsync(GivenOptions given, TextWriter output, CancellationToken stop)
    {
        var isIll = false;
        foreach (var finding in await LookAsync(given, stop))
        {
            isIll |= finding.IsProblem;
            await output.WriteLineAsync(finding.ToString());
        }

        return isIll ? ExitCode.Failed : ExitCode.Done;
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(GivenOptions given, CancellationToken stop)
    {
        var problems = new List<string>();
        var options = AgentConfiguration.Validate(given, problems);
        var findings = problems.ConvertAll(problem => Finding.Problem("options", problem));
        if (options is not null)
        {
            findings.Add(Finding.Ok("options", $"{options.Diag}, as type {options.RunnerType}; events that wait are kept in {options.Spool}."));
        }

        if (!string.IsNullOrWhiteSpace(given.Diag))
        {
            findings.AddRange(DiagCheck.Look(given.Diag, given.RunnerName, time));
        }

        findings.AddRange(HooksCheck.Look(given.Hooks, given.Diag, environment));
        if (!string.IsNullOrWhiteSpace(given.Spool))
        {
            findings.Add(LookAtSpool(given.Spool));
        }

        // Also where another option is wrong; what is wrong with the address was said.
        if (AgentConfiguration.ReadCollector(given.Collector) is { } collector)
        {
            findings.AddRange(await CollectorCheck.LookAsync(collector, string.IsNullOrWhiteSpace(given.TokenFile) ? null : given.TokenFile, time, stop));
        }

        return findings;
    }

    // The agent makes the folder if it is missing, so what counts is the folder that is there.
    private static Finding LookAtSpool(string spool)
    {
        var there = Path.GetFullPath(spool);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } parent)
        {
            there = parent;
        }

        return FolderCheck.WhyNotWritable(there) is { } reason
            ? Finding.Problem("spool", $"{spool} is not writable ({reason}) Give --spool a folder that the agent's user can write to, on a disk with free space.")
            : Finding.Ok("spool", $"{spool} is writable.");
    }
}

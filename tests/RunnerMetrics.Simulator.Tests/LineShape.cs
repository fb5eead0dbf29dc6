using System.Text.RegularExpressions;

namespace RunnerMetrics.Simulator.Tests;

/// <summary>A log reduced to what its readers go by: component and text of the lines that matter, without ids, numbers and names.</summary>
internal static partial class LineShape
{
    private static readonly string[] Components =
        ["JobDispatcher", "Terminal", "JobRunner", "StepsRunner", "BrokerMessageListener", "Worker", "Listener", "ProcessInvokerWrapper", "JobNotification", "ProcessChannel", "Runner", "DapDebugger"];

    /// <summary>The shapes of a folder's logs of one kind, in order.</summary>
    public static List<string> Of(string diag, string prefix) =>
        [.. Directory.GetFiles(diag, prefix + "_*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(Of).OfType<string>()];

    private static string? Of(string line)
    {
        var match = Prefix().Match(line);
        if (!match.Success || !Components.Contains(match.Groups["component"].Value) || Skipped().IsMatch(line))
        {
            return null;
        }

        var text = match.Groups["text"].Value;
        text = Time().Replace(text, "TIME");
        text = Guid().Replace(text, "GUID");
        text = Hash().Replace(text, "HASH");
        text = JobName().Replace(text, "$1NAME$2");
        text = StepName().Replace(text, "$1NAME'");

        // A worker's exit code tells one story from another; all other numbers do not.
        text = Number().Replace(text, "N");

        return $"{match.Groups["level"].Value} {match.Groups["component"].Value}] {Path().Replace(text, "PATH")}";
    }

    [GeneratedRegex(@"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ (?<level>INFO|WARN|ERR ) (?<component>\w+)\] (?<text>.*)$")]
    private static partial Regex Prefix();

    // A blank line of the terminal depends on what started the runner; the two lines of the worker come from another thread, at
    // any place; a settings dump begins there.
    [GeneratedRegex(@"WRITE LINE: $|Listening for cancel message|Waiting for the job to complete|STDOUT/STDERR|BrokerMessageListener\] \{|  (File name|Arguments|Working directory): ")]
    private static partial Regex Skipped();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|\d\d/\d\d/\d{4} \d\d:\d\d:\d\d|\d\d:\d\d:\d\d\.\d{7}|\d\d:\d\d:\d\d$|(?<=elapsed time )\d\d:\d\d:\d\d")]
    private static partial Regex Time();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(\.\S+)?|mock\.orch")]
    private static partial Regex Guid();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();

    [GeneratedRegex("(Running job: ).*()$|(Job ).*?( completed with result)")]
    private static partial Regex JobName();

    [GeneratedRegex("(DisplayName=')(?!Set up runner|Complete runner).*'$")]
    private static partial Regex StepName();

    [GeneratedRegex(@"(?<!ode:? )\b\d+(\.\d+)*|(?<=exit code )\d\b")]
    private static partial Regex Number();

    [GeneratedRegex("/home/runner[^ ']*")]
    private static partial Regex Path();
}

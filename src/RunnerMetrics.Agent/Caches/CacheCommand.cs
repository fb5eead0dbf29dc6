using System.CommandLine;
using System.Globalization;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Agent.Caches;

/// <summary>
/// <c>runner-metrics-agent cache report …</c> and <c>cache parse …</c>, for the steps of a job. They leave a file in the hook folder, for the agent that runs
/// there, and never use the network.
/// </summary>
internal sealed class CacheCommand
{
    private readonly ProgramOption<string?> _hooks;
    private readonly Option<string?> _type = new("--type") { HelpName = "TYPE", Description = "The cache's type: buildkit, npm, apt, actions, or your own word" };
    private readonly Option<string?> _hits = new("--hits") { HelpName = "NUMBER", Description = "Cache hits since the last report" };
    private readonly Option<string?> _misses = new("--misses") { HelpName = "NUMBER", Description = "Cache misses since the last report" };
    private readonly TimeProvider _time;
    private readonly Func<Stream> _input;
    private readonly Func<Stream> _output;

    /// <param name="hooks">The option that names the hook folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="input">Opens the standard input.</param>
    /// <param name="output">Opens the standard output.</param>
    public CacheCommand(ProgramOption<string?> hooks, TimeProvider time, Func<Stream> input, Func<Stream> output)
    {
        _time = time;
        _input = input;
        _output = output;
        _hooks = hooks;
        var report = new Command("report", "Reports cache hits and misses.") { _type, _hits, _misses, _hooks };
        report.SetAction((parsed, _) => Task.FromResult(Report(parsed, parsed.InvocationConfiguration.Error)));
        Parse = new Command("parse", "Passes a tool's output through unchanged, and counts its cache hits and misses. It always exits with 0.") { _type, _hooks };
        Parse.SetAction((parsed, _) => ParseAsync(parsed, parsed.InvocationConfiguration.Error));
        Command = new Command("cache", "Reports cache hits and misses, from the steps of a job.") { report, Parse };
    }

    public Command Command { get; }

    /// <summary>It is part of a pipe, so it runs even if its arguments are wrong.</summary>
    public Command Parse { get; }

    /// <summary>Passes the input through, counts it if a type is given, and never fails.</summary>
    public async Task<int> ParseAsync(ParseResult parsed, TextWriter errors)
    {
        var (type, hooks) = parsed.Errors.Count == 0 ? (parsed.GetValue(_type), _hooks.Value(parsed)) : (null, null);
        foreach (var error in parsed.Errors)
        {
            await errors.WriteLineAsync($"cache parse: {error.Message}");
        }

        var parser = CacheParsers.Create(type);
        if (parser is null && parsed.Errors.Count == 0)
        {
            await errors.WriteLineAsync($"cache parse: nothing is counted: --type must be one of {string.Join(", ", CacheParsers.Types)}; it is '{type}'.");
        }
        else if (parser is not null && hooks is null)
        {
            await errors.WriteLineAsync("cache parse: nothing is reported: give --hooks or RUNNER_METRICS_HOOKS, the running agent's hook folder.");
        }

        await using var input = _input();
        await using var output = _output();
        var count = await CacheParse.RunAsync(input, output, parser, errors);
        if (hooks is not null && !count.IsEmpty && TryWrite(CacheReport.Create(type!, count, _time), hooks) is { } problem)
        {
            await errors.WriteLineAsync($"cache parse: {problem}");
        }

        return ExitCode.Done;
    }

    private int Report(ParseResult parsed, TextWriter errors)
    {
        var problems = new List<string>();
        var type = parsed.GetValue(_type) ?? "";
        if (!CacheReport.IsType(type))
        {
            problems.Add($"--type must be 1 to 32 of a-z, 0-9 and -, such as npm; it is '{type}'.");
        }

        var count = new CacheCount(Number(parsed.GetValue(_hits), "--hits", problems), Number(parsed.GetValue(_misses), "--misses", problems));
        var hooks = _hooks.Value(parsed);
        if (hooks is null)
        {
            problems.Add("--hooks is missing: give the running agent's hook folder, or set RUNNER_METRICS_HOOKS.");
        }

        if (problems.Count == 0 && TryWrite(CacheReport.Create(type, count, _time), hooks!) is { } problem)
        {
            errors.WriteLine(problem);
            return ExitCode.Failed;
        }

        return problems.Count > 0 ? UsageProblems.Write(errors, problems, AgentProgram.Name, parsed.CommandResult.Command) : ExitCode.Done;
    }

    private static ulong Number(string? text, string option, List<string> problems)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= CacheCount.Most)
        {
            return number;
        }

        problems.Add($"{option} must be a whole number from 0 to 1000000; it is '{text}'.");
        return 0;
    }

    private static string? TryWrite(CacheReport report, string hooks)
    {
        try
        {
            report.Write(hooks);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"the report cannot be written into {hooks} ({failure.Message}): give --hooks the running agent's hook folder.";
        }
    }
}

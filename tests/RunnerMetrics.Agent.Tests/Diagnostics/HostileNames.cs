using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Job names as a stranger may choose them, put where the runner writes a job's name.</summary>
internal static class HostileNames
{
    public static readonly string[] Kinds =
    [
        "plain", "result", "quotes", "ansi", "empty", "newline", "trailing newlines", "carriage return", "finish", "life", "shutdown", "renew and finish",
        "whole job", "another job", "stop", "exit", "long", "long before a line end", "cut in a character", "many lines", "prefixes", "unicode", "masked",
    ];

    public static string Make(string kind, string job, string number)
    {
        static string Line(string component, string text) => $"\n[2026-11-21 00:22:44Z INFO {component}] {text}";
        var finish = Line("JobDispatcher", $"finish job request for job {job} with result: Succeeded");
        var renew = Line("JobDispatcher", $"Start renew job request {number} for job {job}.");
        var completed = Line("Terminal", "WRITE LINE: 2026-11-21 00:22:44Z: Job x completed with result: Succeeded");
        var online = Line("BrokerMessageListener", "Received job status event. JobState: Online");
        var other = "11111111-2222-3333-4444-555555555555";
        var request = Line("JobDispatcher", $"Job request {number} for plan {other} job {other} received.");
        var running = Line("Terminal", "WRITE LINE: 2026-11-21 00:22:44Z: Running job: free");
        return kind switch
        {
            "plain" => "build",
            "result" => "x completed with result: Succeeded",
            "quotes" => "\"a\\\" 'b' \\n {\"jobId\": 1}",
            "ansi" => "\u001b[31mred\u001b[0m\a",
            "empty" => "",
            "newline" => "one\ntwo\n  \"jobId\": \"11111111-2222-3333-4444-555555555555\",\n}",
            "trailing newlines" => "x\n\n\n",
            "carriage return" => "x\r\ny\rz",
            "finish" => "x" + finish,
            "life" => "x" + Line("Listener", "Version: 9.9.9") + Line("Terminal", "WRITE LINE: 2026-11-21 00:22:44Z: Listening for Jobs") + "\ntail",
            "shutdown" => "x" + Line("HostContext", "Runner will be shutdown for UserCancelled") + Line("Terminal", "WRITE LINE: Exiting..."),
            "renew and finish" => "x" + renew + finish + completed,
            "whole job" => "x" + renew + Line("JobDispatcher", $"Worker finished for job {job}. Code: 100") + finish + completed
                + Line("JobDispatcher", $"Stop renew job request for job {job}.") + online,
            "another job" => "x" + renew + request + running + Line("JobDispatcher", $"Start renew job request {number} for job {other}.")
                + Line("JobDispatcher", $"finish job request for job {other} with result: Succeeded") + completed + online + "\ntail",
            "stop" => "x" + renew + Line("Listener", "Runner execution has finished with return code 0"),
            "exit" => "x" + renew + Line("ProcessInvokerWrapper", "  File name: '/home/runner/bin/Runner.Worker'")
                + Line("ProcessInvokerWrapper", "Process started with process id 1, waiting for process exit.")
                + Line("ProcessInvokerWrapper", "Finished process 1 with exit code 100, and elapsed time 00:00:01."),
            "long" => new string('x', 70_000) + finish,
            "long before a line end" => new string('"', 70_000) + renew + finish + completed + online,
            "cut in a character" => "x" + string.Concat(Enumerable.Repeat("é", 3000)) + renew + finish + completed + online,
            "masked" => "***x***" + renew + finish + completed,
            "many lines" => string.Concat(Enumerable.Repeat("x" + renew + finish, 500)),
            "prefixes" => "[2026-11-21 00:22:44Z INFO ] \n[2026-11-21 00:22:44Z INFO\n[\n[2026-99-99 99:99:99Z INFO Listener] Version: 9" + renew,
            "unicode" => "\u2028\u0085a\u2029" + renew + "\ud83d\ude00",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    /// <summary>The listener's log with another name, and another request number where one is given.</summary>
    public static Scenario WithName(this Scenario scenario, string name, string number)
    {
        var listener = scenario.Listener
            .Replace($"job request {scenario.RequestNumber()} for", $"job request {number} for", StringComparison.Ordinal)
            .Replace($"Job request {scenario.RequestNumber()} for", $"Job request {number} for", StringComparison.Ordinal)
            .Replace($": Running job: {scenario.JobName}\n", $": Running job: {name}\n", StringComparison.Ordinal)
            .Replace($": Job {scenario.JobName} completed", $": Job {name} completed", StringComparison.Ordinal);
        return scenario with { Listener = listener };
    }

    /// <summary>The worker's log with another name, as JSON writes it.</summary>
    public static Scenario WithNameInMessage(this Scenario scenario, string name) => scenario with
    {
        Worker = scenario.Worker.Replace(
            $"\"jobDisplayName\": \"{scenario.JobName}\"",
            $"\"jobDisplayName\": {JsonSerializer.Serialize(name)}",
            StringComparison.Ordinal),
    };

    /// <summary>The worker's log with another name, as no runner writes it.</summary>
    public static Scenario WithNameRawInMessage(this Scenario scenario, string name) => scenario with
    {
        Worker = scenario.Worker.Replace($"\"jobDisplayName\": \"{scenario.JobName}\"", $"\"jobDisplayName\": \"{name}\"", StringComparison.Ordinal),
    };

    public static string RequestNumber(this Scenario scenario) => Regex.Match(scenario.Listener, "Job request ([0-9]+) for plan").Groups[1].Value;
}

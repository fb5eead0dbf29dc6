using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>The fewest lines that tell a job: for tests that try everything.</summary>
internal static class SmallLog
{
    public const string Job = "11111111-2222-3333-4444-555555555555";

    public static string Listener(string name = "büild", string result = "Succeeded", int exitCode = 100) => $"""
        [2026-11-21 00:00:00Z INFO Listener] Version: 2.336.0
        [2026-11-21 00:00:01Z INFO Terminal] WRITE LINE: 2026-11-21 00:00:01Z: Listening for Jobs
        [2026-11-21 00:00:02Z INFO JobDispatcher] Job request 0 for plan {Job} job {Job} received.
        [2026-11-21 00:00:02Z INFO Terminal] WRITE LINE: 2026-11-21 00:00:02Z: Running job: {name}
        [2026-11-21 00:00:02Z INFO JobDispatcher] Start renew job request 0 for job {Job}.
        [2026-11-21 00:00:09Z INFO JobDispatcher] Worker finished for job {Job}. Code: {exitCode}
        [2026-11-21 00:00:09Z INFO JobDispatcher] finish job request for job {Job} with result: {result}
        [2026-11-21 00:00:09Z INFO Terminal] WRITE LINE: 2026-11-21 00:00:09Z: Job {name} completed with result: {result}

        """;

    public static string Worker(string json = "\"büild\"", string result = "Succeeded") => $$"""
        [2026-11-21 00:00:03Z INFO Worker] Version: 2.336.0
        [2026-11-21 00:00:03Z INFO Worker] Job message:
         {
          "jobId": "{{Job}}",
          "jobDisplayName": {{json}}
        }
        [2026-11-21 00:00:08Z INFO JobRunner] Job result after all job steps finish: {{result}}

        """;

    public static LogCourse Course()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("Runner_20261121-000000-utc.log"), Listener());
        File.WriteAllText(folder.File("Worker_20261121-000003-utc.log"), Worker());
        return LogCourse.Of(folder.Path);
    }
}

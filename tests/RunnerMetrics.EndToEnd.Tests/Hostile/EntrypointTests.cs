using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>A job that reads the environments of the processes above it, all of which run as its user.</summary>
public sealed class EntrypointTests : IDisposable
{
    private const string Token = "AAAAREGISTRATIONTOKEN";
    private const string RemoveToken = "BBBBREMOVETOKEN";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tokens_OfTheRegistration_AreInNoEnvironmentThatAJobCanRead()
    {
        Assert.SkipUnless(System.IO.Path.Exists("/usr/bin/tini"), "Needs tini: apt-get install tini");
        const string Dump = """
            pid=$$
            while [ "$pid" -gt 1 ]; do
              tr '\0' '\n' <"/proc/$pid/environ"
              pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status")
            done
            """;
        await WriteAsync("config.sh", "printf '%s\\n' \"$ACTIONS_RUNNER_INPUT_TOKEN\" >>given; touch .runner");
        await WriteAsync("run.sh", $"exec >seen\nwhile [ ! -f agent ]; do sleep 0.1; done\n{Dump}\nfor pid in $(cat agent); do tr '\\0' '\\n' <\"/proc/$pid/environ\"; done");
        await WriteAsync("runner-metrics-agent", "case $* in *--once*) exit 0 ;; esac; echo $$ >agent.new; mv agent.new agent; exec sleep 600");
        var start = new ProcessStartInfo("/bin/sh", [System.IO.Path.Combine(RepositoryFolder.Path, "src/runner-images/entrypoint.sh")])
        {
            WorkingDirectory = _folder.Path,
            Environment =
            {
                ["RUNNER_TOKEN"] = Token,
                ["RUNNER_REMOVE_TOKEN"] = RemoveToken,
                ["RUNNER_URL"] = "https://github.com/acme",
                ["RUNNER_NAME"] = "r1",
                ["RUNNER_METRICS_COLLECTOR"] = "http://127.0.0.1:1",
                ["RUNNER_METRICS_STATE"] = Path("state"),
                ["RUNNER_METRICS_DIAG"] = Path("_diag"),
                ["RUNNER_METRICS_HOOKS"] = Path("hooks"),
                ["RUNNER_METRICS_SPOOL"] = Path("spool"),
                ["PATH"] = _folder.Path + ":" + Environment.GetEnvironmentVariable("PATH"),
            },
        };
        var run = await ProcessRun.RunAsync(start, Cancelled);

        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Equal([Token, RemoveToken], await File.ReadAllLinesAsync(Path("given"), Cancelled));
        var seen = await File.ReadAllTextAsync(Path("seen"), Cancelled);
        Assert.Contains("RUNNER_URL=https://github.com/acme", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(RemoveToken, seen, StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private async Task WriteAsync(string name, string text)
    {
        var made = await ProcessRun.RunAsync("chmod", ["u+x", _folder.Write(name, $"#!/bin/sh\n{text}\n")], Cancelled);
        Assert.True(made.ExitCode == 0, made.Said);
    }
}

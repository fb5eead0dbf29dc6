using System.CommandLine;
using System.Globalization;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Simulator.CommandLine;

/// <summary><c>runner-metrics-simulator github --key-file FILE</c>: a GitHub on this machine, with an App and some runners, for trying out what asks it.</summary>
internal static class GitHubCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "github";

    /// <summary>Makes it.</summary>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="output">Takes what a person needs to ask it.</param>
    public static RootCommand Make(Func<string, string?> environment, TextWriter output)
    {
        var options = new ProgramOptions(environment);
        var port = options.DescribeAs("--port", null, Numbers.Port, 0, "The port of its REST API; 0: any free one");
        var keyFile = options.DescribeAs("--key-file", null, Texts.Any("FILE"), null, "Where its App's private key is written to");
        var runners = options.DescribeAs("--runners", null, Numbers.Between(0, 100_000), 3, "How many runners are registered");
        var webhookUrl = options.DescribeAs("--webhook-url", null, Addresses.Url("http://127.0.0.1:9091/webhooks/github"), null, "Where its App's webhook delivers to");
        var webhookSecretFile = options.DescribeAs("--webhook-secret-file", null, Texts.Any("FILE"), null, "A file whose first line signs the webhooks");
        var command = new RootCommand("A GitHub on this machine: the part of the REST API that the exporter asks, and a GitHub App.") { port, keyFile, runners, webhookUrl, webhookSecretFile };
        command.SetAction(async (parsed, stop) =>
        {
            if (keyFile.Value(parsed) is not { } file)
            {
                return UsageProblems.Write(Console.Error, ["--key-file is missing: give a file for the App's private key, such as /tmp/app.pem."], SimulatorCommand.Program);
            }

            // The key is there before anybody can ask.
            var app = new FakeApp();
            await WriteKeyAsync(file, app.PrivateKeyPem, stop);
            await using var github = await FakeGitHub.StartAsync(new FakeGitHubOptions { Port = port.Value(parsed) }, app: app);
            for (var i = 1; i <= runners.Value(parsed); i++)
            {
                github.SetRunner(new FakeRunner(i, string.Create(CultureInfo.InvariantCulture, $"runner-{i}"), "self-hosted", "Linux", "X64", "standard"));
            }

            github.AddRepository($"{github.Options.Organization}/shop");
            github.Hook.Url = webhookUrl.Value(parsed);
            github.Hook.Secret = webhookSecretFile.Value(parsed) is { } secret ? File.ReadLines(secret).FirstOrDefault()?.Trim() : null;
            await output.WriteLineAsync($"Ready: --github-app-id {github.App.ClientId} --github-app-key-file {file} --github-api-url {github.Url.GetLeftPart(UriPartial.Authority)}");
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return ExitCode.Done;
        });
        return command;
    }

    // Nobody else's to read, though it is only a simulated App's.
    private static async Task WriteKeyAsync(string file, string pem, CancellationToken stop)
    {
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(file, how);
        await writer.WriteAsync(pem.AsMemory(), stop);
    }
}

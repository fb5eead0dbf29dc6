using System.Diagnostics;

namespace RunnerMetrics.Testing;

/// <summary>Programs of another make in tests/foreign, run by their interpreters.</summary>
public static class ForeignProgram
{
    /// <summary>Debian's own: its python3-grpcio is not seen by a Python that comes first on the path.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<Task<bool>> HasGrpcio = new(() => SucceedsAsync(Python, "-c", "import grpc, google.protobuf"));

    private static readonly Lazy<Task<bool>> HasNode = new(() => SucceedsAsync("node", "--version"));

    /// <summary>Where the scripts are.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "tests", "foreign");

    /// <summary>The contract, for those who read it as it is written.</summary>
    public static string Contract { get; } = Path.Combine(RepositoryFolder.Path, "src", "RunnerMetrics.Contracts", "Protos", "job_events.proto");

    /// <summary>Starts a script, or skips the test where what the script needs is not on this machine.</summary>
    public static async Task<RunningProgram> StartAsync(string script, params string[] arguments) => RunningProgram.Start(await FindAsync(script, arguments));

    /// <summary>Runs a script with its input, or skips the test as <see cref="StartAsync"/> does.</summary>
    /// <returns>Its output.</returns>
    public static async Task<string> RunAsync(string script, string input) => await RunAsync(await FindAsync(script), input);

    /// <summary>Runs a script with variables of its own, or skips the test as <see cref="StartAsync"/> does.</summary>
    /// <returns>Its output.</returns>
    public static async Task<string> RunWithAsync(IReadOnlyDictionary<string, string> variables, string script, params string[] arguments)
    {
        var start = await FindAsync(script, arguments);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return await RunAsync(start, "");
    }

    /// <summary>Skips the test where what a script needs is not on this machine.</summary>
    public static async Task RequireAsync(string script) => await FindAsync(script);

    private static async Task<string> RunAsync(ProcessStartInfo start, string input)
    {
        var run = await ProcessRun.RunAsync(start, TestContext.Current.CancellationToken, input);
        Assert.True(run.ExitCode == 0, $"{start.ArgumentList[0]} ended with {run.ExitCode}: {run.Errors}");
        return run.Output;
    }

    private static async Task<ProcessStartInfo> FindAsync(string script, params string[] arguments)
    {
        var isPython = script.EndsWith(".py", StringComparison.Ordinal);
        if (isPython)
        {
            Assert.SkipUnless(await HasGrpcio.Value, "grpcio is missing. Run ./test.sh, or: apt-get install python3-grpcio");
        }
        else
        {
            Assert.SkipUnless(await HasNode.Value, "Node.js is missing. Run ./test.sh, or: apt-get install nodejs npm");
            var package = script.StartsWith("otlp", StringComparison.Ordinal) ? "@opentelemetry/sdk-trace-base" : "@grpc/grpc-js";
            Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", package)), $"{package} is missing. Run ./test.sh, or: npm ci --prefix tests/foreign");
        }

        return new ProcessStartInfo(isPython ? Python : "node", [Path.Combine(Folder, script), .. arguments])
        {
            WorkingDirectory = Folder,
            StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            Environment =
            {
                ["PYTHONUTF8"] = "1",

                // Python leaves no __pycache__ behind.
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            },
        };
    }

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        try
        {
            return (await ProcessRun.RunAsync(program, arguments, CancellationToken.None)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

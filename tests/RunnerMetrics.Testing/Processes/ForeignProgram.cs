using System.Diagnostics;

namespace RunnerMetrics.Testing;

/// <summary>A program of another make in tests/foreign, run by its interpreter; gone when this is disposed, whatever happened.</summary>
public sealed class ForeignProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly CancellationTokenSource _timeout;
    private readonly Task<string> _errors;

    private ForeignProgram(string interpreter, string script, string[] arguments)
    {
        _timeout = Patience.LimitedBy(TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(interpreter, [Path.Combine(Folder, script), .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        start.Environment["PYTHONUTF8"] = "1";
        // Python leaves no __pycache__ behind.
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{interpreter} did not start.");
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where the scripts are.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "tests", "foreign");

    /// <summary>The contract, for those who read it as it is written.</summary>
    public static string Contract { get; } = Path.Combine(RepositoryFolder.Path, "src", "RunnerMetrics.Contracts", "Protos", "job_events.proto");

    /// <summary>Starts a script, or skips the test where what the script needs is not on this machine.</summary>
    public static async Task<ForeignProgram> StartAsync(string script, params string[] arguments)
    {
        if (script.EndsWith(".py", StringComparison.Ordinal))
        {
            Assert.SkipUnless(await HasGrpcio.Value, "grpcio is missing. Run ./test.sh, or: apt-get install python3-grpcio");
            return new ForeignProgram(Python, script, arguments);
        }

        Assert.SkipUnless(await HasNode.Value, "Node.js is missing. Run ./test.sh, or: apt-get install nodejs npm");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules", "@grpc", "grpc-js")),
            "@grpc/grpc-js is missing. Run ./test.sh, or: npm ci --prefix tests/foreign");
        return new ForeignProgram("node", script, arguments);
    }

    /// <summary>Gives the program its input, waits for its end, and has its output.</summary>
    public async Task<string> RunAsync(string input)
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync(_timeout.Token);
        await _process.StandardInput.WriteAsync(input.AsMemory(), _timeout.Token);
        _process.StandardInput.Close();
        string text = await output;
        await _process.WaitForExitAsync(_timeout.Token);
        Assert.True(_process.ExitCode == 0, $"The program ended with {_process.ExitCode}: {await _errors}");
        return text;
    }

    /// <summary>Waits for the program's first line.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(_timeout.Token) ?? throw new InvalidOperationException($"The program ended: {await _errors}");

    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _timeout.Dispose();
    }

    /// <summary>Debian's own: its python3-grpcio is not seen by a Python that comes first on the path.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<Task<bool>> HasGrpcio = new(() => SucceedsAsync(Python, "-c", "import grpc, google.protobuf"));

    private static readonly Lazy<Task<bool>> HasNode = new(() => SucceedsAsync("node", "--version"));

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

using System.Diagnostics;
using System.Reflection;

namespace RunnerMetrics.Testing;

/// <summary>
/// The product's programs, to be started by tests: as they are published, native, where <c>RUNNER_METRICS_PROGRAMS</c> names the folder that they were published to, else as this
/// build has them.
/// </summary>
public static class Programs
{
    private const string Variable = "RUNNER_METRICS_PROGRAMS";

    private static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>What starts a program.</summary>
    /// <param name="program">The program's assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Start(Assembly program, params IEnumerable<string> arguments) => Folder is { } folder
        ? new ProcessStartInfo(Find(folder, program.GetName().Name!), arguments)
        : new ProcessStartInfo(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", ["exec", program.Location, .. arguments]);

    /// <summary>What starts a program with variables of its own, beside this process's.</summary>
    public static ProcessStartInfo Start(Assembly program, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = Start(program, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>For what holds of published programs alone.</summary>
    public static void SkipUnlessPublished() => Assert.SkipWhen(
        Folder is null, $"Needs the programs as they are published: ./test.sh publishes them (its linker is clang: apt-get install clang zlib1g-dev); or run tests/publish.sh, and set {Variable}=$PWD/out/published.");

    // A folder that is given and lacks a program is a mistake, not a reason to skip.
    private static string Find(string folder, string name) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories).FirstOrDefault() is { } program
        ? program
        : throw new InvalidOperationException($"{Variable}={folder} has no {name}: publish it there with tests/publish.sh, or leave the variable out.");
}

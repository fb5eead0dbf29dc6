using System.Reflection;
using RunnerMetrics.AppHost.Stack;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>The AppHost's own program, as 'dotnet run' starts it.</summary>
internal static class AppHostProgram
{
    /// <summary>Its file; a copy of it stands beside the tests, without what it needs to run.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        RepositoryFolder.Path,
        "RunnerMetrics.AppHost",
        "bin",
        typeof(StackSettings).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        "net10.0",
        "RunnerMetrics.AppHost.dll");

    /// <summary>The program that runs it.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host
        ? host
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")).First(File.Exists);
}

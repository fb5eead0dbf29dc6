using System.Reflection;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>This repository, from which images are built and files are mounted.</summary>
internal static class Repository
{
    /// <summary>Its root, as the build knew it.</summary>
    public static string Folder { get; } = Path.GetDirectoryName(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "apphostprojectpath").Value!)!;

    /// <summary>A program that a project of it builds, in the configuration of this one.</summary>
    public static string ProgramOf(string project, string program) => Path.Combine(
        Folder, "src", project, "bin", typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", program);
}

using System.Reflection;

namespace RunnerMetrics.Testing;

/// <summary>Whole outputs, compared with files of this project. <c>UPDATE_EXPOSITIONS=1</c> writes them again, to be read before they are kept.</summary>
public static class Golden
{
    public static void Matches(string file, string actual)
    {
        var path = Path.Combine(RepositoryFolder.Path, "tests", Assembly.GetEntryAssembly()!.GetName().Name!, "Expositions", file);
        if (Environment.GetEnvironmentVariable("UPDATE_EXPOSITIONS") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", actual);
    }
}

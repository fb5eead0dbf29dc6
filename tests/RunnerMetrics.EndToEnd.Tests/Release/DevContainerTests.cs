using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>The dev container has what ./test.sh installs.</summary>
public partial class DevContainerTests
{
    [Fact]
    public void Dockerfile_Packages_AreThoseOfTheTests()
    {
        var script = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "test.sh"));
        var wanted = Package().Matches(script[..script.IndexOf("\n)\n", StringComparison.Ordinal)]).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(wanted.Length > 10, $"test.sh lists {wanted.Length} packages.");
        var installed = File.ReadAllText(Path.Combine(RepositoryFolder.Path, ".devcontainer", "Dockerfile")).Split(' ', '\n').ToHashSet();
        Assert.Subset(installed, wanted.ToHashSet());
    }

    [GeneratedRegex(@"^  ([a-z0-9][a-z0-9+.-]+):/", RegexOptions.Multiline)]
    private static partial Regex Package();
}

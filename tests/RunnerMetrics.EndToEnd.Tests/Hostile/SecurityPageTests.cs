using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>docs/security.md names a test for each threat: it must be there.</summary>
public partial class SecurityPageTests
{
    [Fact]
    public void SecurityPage_Tests_AreThere()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs/security.md"));
        var named = TestName().Matches(page).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToArray();
        Assert.True(named.Length > 20, $"Only {named.Length} tests are named.");
        var files = Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileNameWithoutExtension);
        Assert.DoesNotContain(named, test => !files[test.Class].Any(file => File.ReadAllText(file).Contains($" {test.Method}(", StringComparison.Ordinal)));
    }

    // One real name: `SignatureTests.Deliver_NoSecret_IsNotServedAndSaysSo`.
    [GeneratedRegex("`([A-Za-z]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}

using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Repositories;

namespace RunnerMetrics.Exporter.Tests.Repositories;

public class RepositoryNamesTests
{
    [Theory]
    [InlineData("", "acme/shop", "acme/shop")]
    [InlineData("acme/*", "acme/shop", "acme/shop")]
    [InlineData("acme/*", "ACME/Shop", "ACME/Shop")]
    [InlineData("acme/*", "other/shop", "other/~")]
    [InlineData("!acme/secret-*", "acme/shop", "acme/shop")]
    [InlineData("!acme/secret-*", "Acme/Secret-plan", "Acme/~")]
    [InlineData("acme/*,!acme/secret-*", "acme/secret-plan", "acme/~")]
    [InlineData("!acme/secret-*,acme/*", "acme/secret-plan", "acme/~")]
    [InlineData("acme/*,#acme/private-*", "acme/private-1", "acme/hashed-")]
    [InlineData("#acme/private-*", "acme/private-1", "acme/hashed-")]
    [InlineData("#acme/private-*", "acme/shop", "acme/shop")]
    [InlineData("#acme/*,!acme/secret-*", "acme/secret-1", "acme/~")]
    [InlineData("#*", "acme/shop", "acme/hashed-")]
    [InlineData("!*", "", "")]
    public void NameOf_Repository_IsWhatThePatternsSay(string patterns, string repository, string starts)
    {
        var names = new RepositoryNames(patterns.Split(',', StringSplitOptions.RemoveEmptyEntries));
        var name = names.NameOf(RepositoryName.Kept(repository));

        Assert.StartsWith(starts, name, StringComparison.Ordinal);
        Assert.Equal(name, names.NameOf(name));
        if (starts.EndsWith('~') || starts.EndsWith('-'))
        {
            Assert.Equal(starts.Length + 12, name.ToString().Length);
            Assert.DoesNotContain(repository.Split('/')[1], name, StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            Assert.Equal(repository, name);
        }
    }

    [Theory]
    [InlineData("github.com/acme", "github.com/acme")]
    [InlineData("github.com/enterprises/acme", "github.com/enterprises/acme")]
    [InlineData("github.com/acme/shop", "github.com/acme/shop")]
    [InlineData("github.com/acme/secret-plan", "github.com/acme/~")]
    [InlineData("", "")]
    public void ScopeOf_Runner_IsWhatThePatternsSayOfItsRepository(string scope, string starts) =>
        Assert.StartsWith(starts, new RepositoryNames(["!acme/secret-*"]).ScopeOf(scope), StringComparison.Ordinal);

    [Theory]
    [InlineData("acme/*", true)]
    [InlineData("!acme/secret-?", true)]
    [InlineData("#*", true)]
    [InlineData("acme", false)]
    [InlineData("!", false)]
    [InlineData("!#acme/shop", false)]
    [InlineData("acme/shop/more", false)]
    [InlineData("", false)]
    public void ProblemOf_Pattern_SaysWhatWouldBeRight(string pattern, bool isRight) =>
        Assert.Equal(isRight, RepositoryNames.ProblemOf(pattern) is null);
}

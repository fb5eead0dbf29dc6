using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Tests.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("acme/shop", true)]
    [InlineData("a/b", true)]
    [InlineData("", false)]
    [InlineData("shop", false)]
    [InlineData("/shop", false)]
    [InlineData("acme/", false)]
    [InlineData("acme/shop/more", false)]
    public void Repository_IsOwnerAndName(string text, bool isRight)
    {
        Assert.Equal(isRight, RepositoryName.TryParse(text, out var name, out var problem));
        Assert.Equal(isRight ? text : "", name.ToString());
        Assert.Equal(isRight ? null : $"'{text}' is not a repository: give owner/name", problem);
    }

    [Fact]
    public void Names_LongerThanAllowed_AreRefusedWithTheirLengthAndTheLimit()
    {
        Assert.False(RepositoryName.TryParse("a/" + new string('b', RepositoryName.MaxLength), out _, out var repository));
        Assert.Equal("has 1026 characters: at most 1024 are allowed", repository);
        Assert.False(EnvironmentName.TryParse(new string('e', EnvironmentName.MaxLength + 1), out _, out var environment));
        Assert.Equal("has 256 characters: give the environment's name, such as production, of at most 255", environment);
        Assert.True(EnvironmentName.TryParse(new string('e', EnvironmentName.MaxLength), out _, out _));
        Assert.False(EnvironmentName.TryParse("", out _, out _));
    }

    [Theory]
    [InlineData("6113728f27ae82c7b1a177c8d03f9e96e0adf246", true)]
    [InlineData("6113728F27AE82C7B1A177C8D03F9E96E0ADF246", true)]
    [InlineData("6113728", false)]
    [InlineData("", false)]
    [InlineData("6113728f27ae82c7b1a177c8d03f9e96e0adf24g", false)]
    [InlineData("6113728f27ae82c7b1a177c8d03f9e96e0adf2466113728f27ae82c7b1a177c8", true)]
    public void Commit_IsAFullHash_InLowerCase(string text, bool isRight)
    {
        Assert.Equal(isRight, CommitSha.TryParse(text, out var sha, out var problem));
        Assert.Equal(isRight, sha.IsKnown);
        Assert.Equal(isRight ? text.ToLowerInvariant() : "", sha.ToString());
        Assert.Equal(isRight, problem is null);
    }

    [Fact]
    public void Kept_WhatTodaysRulesRefuse_StaysAsItWas()
    {
        Assert.Equal("shop", RepositoryName.Kept("shop").ToString());
        Assert.Equal(new string('e', 300), EnvironmentName.Kept(new string('e', 300)).ToString());
        Assert.Equal("abc", CommitSha.Kept("ABC").ToString());
        Assert.Equal(default, RepositoryName.Kept(""));
        Assert.False(RepositoryName.Kept("").IsKnown);
    }

    [Theory]
    [InlineData("acme/~1f2e3d4c5b6a", true)]
    [InlineData("acme/shop", false)]
    [InlineData("acme/", false)]
    [InlineData("~acme/shop", false)]
    [InlineData("", false)]
    public void Repository_IsExcluded_ByTheMarkInItsSecondHalf(string text, bool isExcluded) => Assert.Equal(isExcluded, RepositoryName.Kept(text).IsExcluded);

    [Fact]
    public void Repository_Parts_AreOwnerAndLowerCase()
    {
        var name = RepositoryName.Kept("Acme/Shop");
        Assert.Equal(("Acme", "acme/shop"), (name.Owner, name.Lower));
        Assert.Equal(("", ""), (default(RepositoryName).Owner, default(RepositoryName).Lower));
    }
}

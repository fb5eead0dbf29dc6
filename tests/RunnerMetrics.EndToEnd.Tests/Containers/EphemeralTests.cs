using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>Containers that run one job each.</summary>
[Trait("Category", "Docker")]
public sealed class EphemeralTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // The container's end is the last moment to deliver: nothing is waited for here.
    [Fact]
    public async Task Ephemeral_ContainerEnds_ItsJobIsDeliveredAndHasNoSeriesOfItsOwn()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        await using var fleet = await ContainerFleet.StartAsync(Cancelled);
        var ran = 0;
        for (var i = 1; i <= 3; i++)
        {
            var name = $"once-{i}";
            await fleet.StartRunnerAsync(name, "standard", 10 + i, Cancelled, "--env", "RUNNER_EPHEMERAL=true");
            Assert.Equal("0", await Docker.RunAsync(Cancelled, "wait", fleet.NameOf(name)));
            ran += (await fleet.RanAsync(name)).Values.Sum();
            var scrape = await Scraped.ReadAsync(fleet.Exporter, Cancelled);
            Assert.Equal(ran, scrape.SumWhere(series => series.StartsWith("github_runner_jobs_total{runner_name=\"ephemeral\"", StringComparison.Ordinal)));
            Assert.DoesNotContain("once-", scrape.Text, StringComparison.Ordinal);
        }

        Assert.Equal(3, ran);
    }
}

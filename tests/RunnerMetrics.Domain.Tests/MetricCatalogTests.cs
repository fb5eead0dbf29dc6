using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Tests;

public sealed class MetricCatalogTests
{
    [Fact]
    public void Catalog_EveryFamily_HasItsOwnNameAHelpAndTheFieldsForm()
    {
        Assert.Distinct(MetricCatalog.All.Select(family => family.Name));
        Assert.Distinct(MetricCatalog.All.Select(family => family.FamilyName));
        Assert.All(MetricCatalog.All, family =>
        {
            Assert.Matches("^[a-z][a-z0-9_]*$", family.Name);
            Assert.Equal(family.Type == MetricType.Counter, family.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.EndsWith(".", family.Help, StringComparison.Ordinal);
            Assert.Equal(family.Type == MetricType.Histogram, family.Buckets.Count > 0);
            Assert.Equal(family.Buckets.Order(), family.Buckets);
            Assert.DoesNotContain("le", family.Labels);
        });
    }
}

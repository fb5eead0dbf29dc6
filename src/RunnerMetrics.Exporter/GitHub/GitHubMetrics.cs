using System.Net;
using RunnerMetrics.Domain;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What the exporter's use of GitHub's API shows. Each takes the registry's gate.</summary>
internal sealed class GitHubMetrics
{
    private readonly MetricRegistry _registry;
    private readonly Counter _ok, _unchanged, _refused, _limited, _failed;
    private readonly MetricFamily _limit, _remaining, _used, _working, _lastSuccess, _deprecation;
    private readonly Gauge _missing, _cycle, _lag;
    private readonly Dictionary<string, (Gauge Working, Gauge LastSuccess)> _features = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Gauge> _versions = new(StringComparer.Ordinal);
    private readonly List<(string Credential, RateBudget Budget, Gauge Limit, Gauge Remaining, Gauge Used)> _budgets = [];

    public GitHubMetrics(MetricRegistry registry)
    {
        _registry = registry;
        var requests = registry.Add(MetricCatalog.GitHubRequests);
        Counter Outcome(string outcome) => requests.AddCounter(Labels.Of(("outcome", outcome)));
        (_ok, _unchanged, _refused, _limited, _failed) = (Outcome("ok"), Outcome("unchanged"), Outcome("refused"), Outcome("limited"), Outcome("failed"));
        (_limit, _remaining, _used) = (registry.Add(MetricCatalog.GitHubRateLimit), registry.Add(MetricCatalog.GitHubRateRemaining), registry.Add(MetricCatalog.GitHubRateUsed));
        (_working, _lastSuccess) = (registry.Add(MetricCatalog.GitHubWorking), registry.Add(MetricCatalog.GitHubLastSuccess));
        var deliveries = registry.Add(MetricCatalog.GitHubDeliveries);
        Counter Delivery(string outcome) => deliveries.AddCounter(Labels.Of(("outcome", outcome)));
        (DeliveriesFound, DeliveriesRecovered, DeliveriesGivenUp) = (Delivery("found"), Delivery("recovered"), Delivery("given_up"));
        _missing = registry.Add(MetricCatalog.GitHubDeliveriesMissing).AddGauge(Labels.None);
        _cycle = registry.Add(MetricCatalog.GitHubPollCycle).AddGauge(Labels.None);
        _lag = registry.Add(MetricCatalog.GitHubPollLag).AddGauge(Labels.None);
        _deprecation = registry.Add(MetricCatalog.RunnerVersionDeprecation);
    }

    private Counter DeliveriesFound { get; }

    private Counter DeliveriesRecovered { get; }

    private Counter DeliveriesGivenUp { get; }

    /// <summary>Counts a request by what came of it.</summary>
    public void CountRequest(GitHubFailureKind? failure, HttpStatusCode status = 0)
    {
        using (_registry.Gate.Enter())
        {
            var counter = failure switch
            {
                GitHubFailureKind.Limited => _limited,
                not null => _failed,
                null when status == HttpStatusCode.NotModified => _unchanged,
                null when (int)status is >= 200 and < 300 => _ok,
                _ => _refused,
            };
            counter.Increment();
        }
    }

    /// <summary>Shows a credential's limits, once GitHub has told of them.</summary>
    public void AddBudget(string credential, RateBudget budget)
    {
        using (_registry.Gate.Enter())
        {
            var labels = Labels.Of(("credential", credential));
            _budgets.Add((credential, budget, _limit.AddGauge(labels), _remaining.AddGauge(labels), _used.AddGauge(labels)));
        }
    }

    /// <summary>The limits of each credential, those that GitHub has told of.</summary>
    public IReadOnlyList<(string Credential, RateStatus Limits)> DescribeLimits()
    {
        using (_registry.Gate.Enter())
        {
            return [.. _budgets.Select(shown => (shown.Credential, Limits: shown.Budget.Describe())).Where(shown => shown.Limits is not null).Select(shown => (shown.Credential, shown.Limits!))];
        }
    }

    public void ShowLimits()
    {
        using (_registry.Gate.Enter())
        {
            foreach (var (_, budget, limit, remaining, used) in _budgets.Where(shown => shown.Budget.Limit is not null))
            {
                limit.Set(budget.Limit);
                remaining.Set(budget.Remaining);
                used.Set(budget.Used);
            }
        }
    }

    /// <summary>Shows whether a feature's last round worked.</summary>
    public void ShowFeature(string feature, bool works, DateTimeOffset at)
    {
        using (_registry.Gate.Enter())
        {
            if (!_features.TryGetValue(feature, out var gauges))
            {
                var labels = Labels.Of(("feature", feature));
                _features[feature] = gauges = (_working.AddGauge(labels), _lastSuccess.AddGauge(labels));
            }

            gauges.Working.Set(works ? 1 : 0);
            if (works)
            {
                gauges.LastSuccess.Set(at.ToUnixTimeMilliseconds() / 1000.0);
            }
        }
    }

    /// <summary>What became of missed deliveries; null before they were looked at.</summary>
    public MissedStatus? DescribeDeliveries()
    {
        using (_registry.Gate.Enter())
        {
            return _missing.Value is { } missing ? new MissedStatus((long)DeliveriesFound.Value, (long)DeliveriesRecovered.Value, (long)DeliveriesGivenUp.Value, (int)missing) : null;
        }
    }

    /// <summary>Shows what became of missed deliveries.</summary>
    /// <param name="found">How many more were found.</param>
    /// <param name="recovered">How many more were had again.</param>
    /// <param name="givenUp">How many more could not be had.</param>
    /// <param name="missing">How many are missing now; null where nobody knows.</param>
    public void CountDeliveries(int found, int recovered, int givenUp, int? missing)
    {
        using (_registry.Gate.Enter())
        {
            DeliveriesFound.Increment(found);
            DeliveriesRecovered.Increment(recovered);
            DeliveriesGivenUp.Increment(givenUp);
            _missing.Set(missing);
        }
    }

    /// <summary>Shows how long the last look at all jobs took, and how old what it told is now.</summary>
    public void ShowPolling(TimeSpan? cycle, TimeSpan? lag)
    {
        using (_registry.Gate.Enter())
        {
            _cycle.Set(cycle?.TotalSeconds);
            _lag.Set(lag?.TotalSeconds);
        }
    }

    /// <summary>Shows when versions are served no more, and those alone.</summary>
    public void ShowDeprecations(IReadOnlyDictionary<string, DateTimeOffset> versions)
    {
        using (_registry.Gate.Enter())
        {
            foreach (var gone in _versions.Keys.Except(versions.Keys).ToArray())
            {
                _deprecation.Remove(_versions[gone]);
                _versions.Remove(gone);
            }

            foreach (var (version, at) in versions)
            {
                if (!_versions.TryGetValue(version, out var gauge))
                {
                    _versions[version] = gauge = _deprecation.AddGauge(Labels.Of(("version", version)));
                }

                gauge.Set(at.ToUnixTimeSeconds());
            }
        }
    }
}

using System.Globalization;
using RunnerMetrics.Simulator.GitHub;

namespace RunnerMetrics.Demo.Summary;

/// <summary>The deployments that the simulated pipeline made, beside those that <c>/metrics</c> counted.</summary>
internal sealed class DeploymentCounts(SimulatedPipeline pipeline, IReadOnlyList<Sample> scrape)
{
    private readonly double _leadTimes = Sum(scrape, "github_deployment_lead_time_seconds_count");
    private readonly double _leadTime = Sum(scrape, "github_deployment_lead_time_seconds_sum");

    /// <summary>Whether both say the same. Each incident is of another deployment: each is one change that failed.</summary>
    public bool Agrees { get; } =
        Sum(scrape, "github_deployments_total", "success") == pipeline.GoodDeployments && Sum(scrape, "github_deployments_total", "failure") == pipeline.FailedDeployments
        && Sum(scrape, "github_deployment_change_failures_total") == pipeline.Incidents && Sum(scrape, "github_incidents_total") == pipeline.Incidents
        && Sum(scrape, "github_deployment_rework_total") == pipeline.Reworks;

    public void Write(TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Deployments to production: {pipeline.GoodDeployments} succeeded, {pipeline.FailedDeployments} failed; {pipeline.Incidents} of the successful ones caused an incident, {pipeline.Reworks} fixed one."));
        if (_leadTimes > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From commit to production: {_leadTime / _leadTimes / 3600:0.0} h on average."));
        }
    }

    private static double Sum(IReadOnlyList<Sample> scrape, string name, string? status = null) =>
        scrape.Where(sample => sample.Name == name && (status is null || sample.Label("status") == status)).Sum(sample => sample.Value);
}

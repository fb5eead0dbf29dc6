using System.Globalization;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>
/// What GitHub and a pipeline tell beside the jobs themselves: the pushes that make them, and deployments to production. The jobs named <c>build</c> and
/// <c>deploy (production)</c> deploy, and the gateway's <c>e2e</c>; some of what they deploy fails its users, and the next deployment of the repository fixes it.
/// </summary>
/// <param name="deliver">Takes webhooks: the event's name, and the payload.</param>
public sealed class SimulatedPipeline(Action<string, string> deliver)
{
    private static readonly TimeSpan LongestToPush = TimeSpan.FromHours(30);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _pushed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Incident, DateTimeOffset OpenedAt)> _open = new(StringComparer.Ordinal);

    /// <summary>Called with what a step of the pipeline would call <c>runner-metrics-agent</c> with, as long as it is given.</summary>
    public Action<IReadOnlyList<string>>? OnReport { get; init; }

    /// <summary>Deployments that ended well.</summary>
    public int GoodDeployments { get; private set; }

    /// <summary>Deployments whose own run failed.</summary>
    public int FailedDeployments { get; private set; }

    /// <summary>Incidents that were reported, each of another deployment.</summary>
    public int Incidents { get; private set; }

    /// <summary>Deployments that fixed an earlier one.</summary>
    public int Reworks { get; private set; }

    /// <summary>Takes what GitHub says of a job, and tells what belongs to it.</summary>
    public void Follow(WorkflowJobNews job)
    {
        ArgumentNullException.ThrowIfNull(job);
        lock (_gate)
        {
            var random = new Random(unchecked((int)job.Id));
            if (_pushed.Add(job.Sha))
            {
                deliver("push", DeploymentPayload.Push(job, job.CreatedAt - (LongestToPush * random.NextDouble() * random.NextDouble())));
            }

            if (Deploys(job))
            {
                Deploy(job, random);
            }
        }
    }

    private static bool Deploys(WorkflowJobNews job) =>
        job.Name.StartsWith("build", StringComparison.Ordinal) || job.Name == "deploy (production)"
        || (job.Repository == "acme/gateway" && job.Name.StartsWith("e2e", StringComparison.Ordinal));

    private void Deploy(WorkflowJobNews job, Random random)
    {
        switch (job)
        {
            case { CompletedAt: { } end, StartedAt: not null }:
                var isGood = job.Conclusion == JobConclusion.Success;
                deliver("deployment_status", DeploymentPayload.Status(job, isGood ? "success" : "failure", end));
                if (isGood)
                {
                    GoodDeployments++;
                    Judge(job, end, random);
                }
                else
                {
                    FailedDeployments++;
                }

                break;
            case { CompletedAt: null, StartedAt: { } start }:
                deliver("deployment_status", DeploymentPayload.Status(job, "in_progress", start));
                break;
            case { CompletedAt: null }:
                deliver("deployment_status", DeploymentPayload.Status(job, "pending", job.CreatedAt));
                break;
        }
    }

    // A good deployment fixes what is broken; else every other one breaks something.
    private void Judge(WorkflowJobNews job, DateTimeOffset end, Random random)
    {
        if (OnReport is null)
        {
            return;
        }

        string[] of = ["--server-url", "https://github.com", "--repository", job.Repository, "--environment", "production"];
        var id = job.Id.ToString(CultureInfo.InvariantCulture);
        if (_open.Remove(job.Repository, out var open))
        {
            Reworks++;
            OnReport(["deployment", "report", "--state", "success", "--id", id, "--sha", job.Sha, "--rework", "--finished-at", Time(end), .. of]);
            OnReport(["incident", "report", "--id", open.Incident, "--opened-at", Time(open.OpenedAt), "--resolved-at", Time(end), .. of]);
        }
        else if (random.Next(2) == 0)
        {
            Incidents++;
            _open[job.Repository] = ($"incident-{id}", end);
            OnReport(["incident", "report", "--id", $"incident-{id}", "--deployment-id", id, "--opened-at", Time(end), .. of]);
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

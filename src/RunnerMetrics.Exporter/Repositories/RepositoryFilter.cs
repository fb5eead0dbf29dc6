using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using DomainDeployment = RunnerMetrics.Domain.Events.DeploymentChanged;

namespace RunnerMetrics.Exporter.Repositories;

/// <summary>Filters all input before anything is stored, and removes repository names that must not appear.</summary>
internal sealed class RepositoryFilter(RepositoryNames names)
{
    /// <summary>Why something is dropped.</summary>
    public const string Refusal = "excluded_repository: the exporter's --repositories leaves the repository out";

    /// <summary>Whether every name is kept.</summary>
    public bool KeepsAll => names.KeepsAll;

    /// <summary>Removes the names from an agent's event, in place.</summary>
    /// <returns>Why it is dropped, or null.</returns>
    public string? Hide(Event wire)
    {
        if (wire.Runner is { } runner)
        {
            runner.Scope = names.ScopeOf(runner.Scope);
        }

        switch (wire.PayloadCase)
        {
            case Event.PayloadOneofCase.JobStarted:
                Hide(wire.JobStarted.Job);
                break;
            case Event.PayloadOneofCase.JobCompleted:
                Hide(wire.JobCompleted.Job);
                break;
            case Event.PayloadOneofCase.Deployment:
                var deploys = NameOf(wire.Deployment.Repository);
                wire.Deployment.Repository = deploys;
                return deploys.IsExcluded ? Refusal : null;
            case Event.PayloadOneofCase.Incident:
                var failed = NameOf(wire.Incident.Repository);
                wire.Incident.Repository = failed;
                return failed.IsExcluded ? Refusal : null;
        }

        return null;
    }

    /// <summary>The same for a webhook's event; null if it is dropped.</summary>
    public FleetEvent? Hide(FleetEvent happened) => happened switch
    {
        WorkflowJobChanged changed => changed with { Job = Hide(changed.Job) },
        DomainDeployment deployment => names.NameOf(deployment.Deployment.Repository) is var name && name.IsExcluded
            ? null
            : deployment with { Deployment = deployment.Deployment with { Repository = name } },
        CommitsSeen commits => names.NameOf(commits.Repository) is var name && name.IsExcluded ? null : commits with { Repository = name },
        WorkflowRunEnded ended => names.NameOf(ended.Repository) is var name && name.IsExcluded ? null : ended with { Repository = name },
        _ => happened,
    };

    /// <summary>The name that a repository has here.</summary>
    public RepositoryName NameOf(RepositoryName repository) => names.NameOf(repository);

    private RepositoryName NameOf(string repository) => names.NameOf(RepositoryName.Kept(repository));

    private void Hide(Job? job)
    {
        if (job is null)
        {
            return;
        }

        var name = NameOf(job.Repository);
        job.Repository = name;
        if (name.IsExcluded)
        {
            (job.Workflow, job.Name) = ("", "");
        }
    }

    private WorkflowJob Hide(WorkflowJob job)
    {
        var name = names.NameOf(job.Repository);
        return name.IsExcluded ? job with { Repository = name, Workflow = "", Name = "", Outline = null } : job with { Repository = name };
    }
}

using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
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
                wire.Deployment.Repository = names.NameOf(wire.Deployment.Repository);
                return ExcludedRepository.Is(wire.Deployment.Repository) ? Refusal : null;
            case Event.PayloadOneofCase.Incident:
                wire.Incident.Repository = names.NameOf(wire.Incident.Repository);
                return ExcludedRepository.Is(wire.Incident.Repository) ? Refusal : null;
        }

        return null;
    }

    /// <summary>The same for a webhook's event; null if it is dropped.</summary>
    public FleetEvent? Hide(FleetEvent happened) => happened switch
    {
        WorkflowJobChanged changed => changed with { Job = Hide(changed.Job) },
        DomainDeployment deployment => names.NameOf(deployment.Deployment.Repository) is var name && ExcludedRepository.Is(name)
            ? null
            : deployment with { Deployment = deployment.Deployment with { Repository = name } },
        CommitsSeen commits => names.NameOf(commits.Repository) is var name && ExcludedRepository.Is(name) ? null : commits with { Repository = name },
        _ => happened,
    };

    /// <summary>The name that a repository has here.</summary>
    public string NameOf(string repository) => names.NameOf(repository);

    private void Hide(Job? job)
    {
        if (job is null)
        {
            return;
        }

        job.Repository = names.NameOf(job.Repository);
        if (ExcludedRepository.Is(job.Repository))
        {
            (job.Workflow, job.Name) = ("", "");
        }
    }

    private WorkflowJob Hide(WorkflowJob job)
    {
        var name = names.NameOf(job.Repository);
        return ExcludedRepository.Is(name) ? job with { Repository = name, Workflow = "", Name = "" } : job with { Repository = name };
    }
}

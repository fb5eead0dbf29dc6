using System.Buffers;
using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Repositories;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>
/// <c>workflow_job</c>: a job waits, runs, or ended. Strict about what says which job it is and how it ended; a time that is missing leaves
/// out what would be measured by it.
/// </summary>
internal sealed class WorkflowJobEvent(ExporterOptions options, RunnerLabels labels, RepositoryFilter repositories, FleetState fleet) : IGitHubEvent
{
    private const int MaxTextLength = 1024;

    /// <summary>GitHub allows a job 1,000 steps.</summary>
    private const int MaxSteps = 1000;

    public string Name => "workflow_job";

    public WebhookReading Read(ReadOnlySequence<byte> payload, WebhookDelivery delivery)
    {
        return WebhookJson.Read(payload, WebhookJson.Default.WorkflowJobPayload) is { } parsed
            ? Read(parsed, delivery)
            : WebhookReading.Rejected("the payload is null: send GitHub's JSON object");
    }

    /// <summary>Reads what was parsed: of a webhook, or of the REST API, whose jobs have the same fields.</summary>
    public WebhookReading Read(WorkflowJobPayload parsed, WebhookDelivery delivery)
    {
        if (ProblemOf(parsed) is { } problem)
        {
            return WebhookReading.Rejected(problem);
        }

        if (!RepositoryName.TryParse(parsed.Repository!.FullName!, out var repository, out var noRepository))
        {
            return WebhookReading.Rejected($"repository.full_name {noRepository}");
        }

        var job = parsed.WorkflowJob!;
        if (StateOf(parsed.Action!, job.Status) is not { } state)
        {
            return WebhookReading.Ignored($"this exporter has no use for the action '{PayloadText.Shorten(parsed.Action!)}'");
        }

        var server = PayloadText.ServerOf(parsed.Repository!, delivery);
        IReadOnlyList<string> asked = [.. (job.Labels ?? []).OfType<string>()];
        var isEnterpriseServer = delivery.EnterpriseHost.Length > 0 || GitHubServer.IsEnterprise(server);
        var owner = labels.OwnerOf(
            asked, job.RunnerGroupName ?? "", job.RunnerName ?? "", isEnterpriseServer,
            hasAgent: job.RunnerName is { Length: > 0 } name && fleet.HasAgentFor(name, server, repositories.NameOf(repository)));
        if (owner != RunnerOwner.GitHubs)
        {
            var known = Describe(parsed, server, repository, asked, owner) with
            {
                Labels = state < WorkflowJobState.InProgress ? RunnerLabels.Kept(asked) : [],
                Outline = options.Fleet.TracesRuns && state >= WorkflowJobState.InProgress ? OutlineOf(job) : null,
            };
            return Read(state, known, job, delivery);
        }

        // One whose labels did not say so may be held for waiting: if another owner's runner took it, its wait ends and nothing is counted.
        return state < WorkflowJobState.InProgress || labels.AsksForGitHubs(asked)
            ? WebhookReading.Ignored("the job is for a runner of GitHub's own")
            : Read(state, Describe(parsed, server, repository, asked, owner) with { RunnerName = "", RunnerIsEphemeral = false }, job, delivery);
    }

    private static WorkflowJobState? StateOf(string action, string? status) => action switch
    {
        // A job that waits for an approval comes as "queued" too, with the status "waiting".
        "queued" when status is "waiting" or "pending" or "requested" => WorkflowJobState.Waiting,
        "queued" => WorkflowJobState.Queued,
        "waiting" => WorkflowJobState.Waiting,
        "in_progress" => WorkflowJobState.InProgress,
        "completed" => WorkflowJobState.Completed,
        _ => null,
    };

    private static string? ProblemOf(WorkflowJobPayload payload)
    {
        var job = payload.WorkflowJob;
        return payload.Action is null or "" ? "action is missing"
            : job is null ? "workflow_job is missing"
            : job.Id is not > 0 ? "workflow_job.id is missing, or no id"
            : job.RunId is not > 0 ? "workflow_job.run_id is missing, or no id"
            : job.RunAttempt is < 0 ? "workflow_job.run_attempt is negative"
            : payload.Repository?.FullName is null or "" ? "repository.full_name is missing"
            : payload.Action == "completed" && job.Conclusion is null or "" ? "workflow_job.conclusion is missing, though the job is completed"
            : TooLong("repository.full_name", payload.Repository.FullName) ?? TooLong("workflow_job.workflow_name", job.WorkflowName) ?? TooLong("workflow_job.name", job.Name)
                ?? (job.RunnerName is { Length: > 0 } name ? RunnerIdentity.NameProblem(name)?.Replace("runner.name", "workflow_job.runner_name", StringComparison.Ordinal) : null);
    }

    private WebhookReading Read(WorkflowJobState state, WorkflowJob job, WorkflowJobPayload.JobPart payload, WebhookDelivery delivery)
    {
        var (at, now) = (state switch
        {
            WorkflowJobState.Completed => job.CompletedAt ?? job.StartedAt ?? job.CreatedAt,
            WorkflowJobState.InProgress => job.StartedAt ?? job.CreatedAt,
            _ => job.CreatedAt ?? job.StartedAt,
        } ?? delivery.ReceivedAt, delivery.ReceivedAt);
        if (now - at > options.Fleet.Horizon)
        {
            return WebhookReading.Rejected(PayloadText.TooOld(now - at, options.Fleet.Horizon), RejectionReason.TooOld);
        }

        if (new[] { job.CreatedAt, job.StartedAt, job.CompletedAt }.Any(time => time - now > PayloadText.MostAhead))
        {
            return WebhookReading.Rejected("a time of workflow_job is more than a day in the future: set this machine's clock", RejectionReason.InFuture);
        }

        if (job.CompletedAt - job.StartedAt > options.Fleet.Horizon || job.StartedAt - job.CreatedAt > options.Fleet.Horizon)
        {
            return WebhookReading.Rejected("created_at, started_at and completed_at of workflow_job are too far apart: GitHub ends a run after 35 days");
        }

        var isKnown = true;
        if (state == WorkflowJobState.Completed)
        {
            var conclusion = Conclusions.Of(payload.Conclusion!, out isKnown);
            job = job with
            {
                Conclusion = job.RunnerName.Length > 0 ? conclusion : null,
                FailureReason = conclusion == JobConclusion.Failed ? Conclusions.ReasonOf(payload.Conclusion!, payload.Steps ?? []) : null,
            };
        }

        var changed = new WorkflowJobChanged(delivery.EventId, at < now ? at : now, now, state, job);
        return isKnown ? WebhookReading.Of(changed)
            : WebhookReading.Unsupported($"this exporter does not know the conclusion '{PayloadText.Shorten(payload.Conclusion!)}' yet: the job is not counted", changed);
    }

    private WorkflowJob Describe(WorkflowJobPayload payload, string server, RepositoryName repository, IReadOnlyList<string> asked, RunnerOwner owner)
    {
        var job = payload.WorkflowJob!;
        var runner = job.RunnerName ?? "";
        return new WorkflowJob(
            job.Id!.Value, CheckRunIdOf(job.CheckRunUrl), server, repository, job.WorkflowName ?? "", job.Name ?? "", job.RunId!.Value, job.RunAttempt ?? 0,
            labels.TypeOf(asked))
        {
            RunnerName = runner,
            RunnerId = job.RunnerId ?? 0,
            RunnerIsEphemeral = runner.Length > 0 && (owner == RunnerOwner.Unsure || labels.IsEphemeral(runner)),
            CountsForKnownRunnersOnly = options.WebhookJobs == WebhookJobs.Known,
            CreatedAt = PayloadText.Known(job.CreatedAt),
            StartedAt = PayloadText.Known(job.StartedAt),
            CompletedAt = PayloadText.Known(job.CompletedAt),
        };
    }

    private static JobOutline OutlineOf(WorkflowJobPayload.JobPart job) => new(
        PayloadText.Traced(job.Conclusion), PayloadText.Traced(job.HeadBranch), PayloadText.Traced(job.HeadSha), [.. (job.Steps ?? []).Select(StepOf).OfType<JobStep>().Take(MaxSteps)]);

    private static JobStep? StepOf(WorkflowJobPayload.StepPart? step) =>
        step is { Name: { } name, Conclusion: { } conclusion } && PayloadText.Known(TimeOf(step.StartedAt)) is { } startedAt && PayloadText.Known(TimeOf(step.CompletedAt)) is { } completedAt
            ? new JobStep(PayloadText.Traced(name), PayloadText.Traced(conclusion), startedAt, completedAt)
            : null;

    // What only a trace shows refuses no job.
    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // https://api.github.com/repos/octo-org/octo-repo/check-runs/1291536064
    private static long CheckRunIdOf(string? url) =>
        long.TryParse(url.AsSpan()[((url?.LastIndexOf('/') ?? -1) + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static string? TooLong(string field, string? text) =>
        text?.Length > MaxTextLength ? $"{field} has {text.Length} characters: at most {MaxTextLength} are allowed"
        : text is not null && text.AsSpan().ContainsAnyInRange('\u0000', '\u001f') ? $"{field} has a control character, which GitHub allows in no name"
        : null;
}

using System.Buffers;
using System.Globalization;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Intake;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>
/// <c>deployment</c> and <c>deployment_status</c>: a deployment is to begin, runs, or ended. Strict about what says which one it is and how it
/// ended.
/// </summary>
internal sealed class DeploymentEvent(string name, ExporterOptions options) : IGitHubEvent
{
    public const string Created = "deployment";
    public const string Status = "deployment_status";

    public string Name => name;

    public WebhookReading Read(ReadOnlySequence<byte> payload, WebhookDelivery delivery)
    {
        if (WebhookJson.Read(payload, WebhookJson.Default.DeploymentPayload) is not { } parsed)
        {
            return WebhookReading.Rejected("the payload is null: send GitHub's JSON object");
        }

        if (ProblemOf(parsed) is { } problem)
        {
            return WebhookReading.Rejected(problem);
        }

        if (!RepositoryName.TryParse(parsed.Repository?.FullName ?? "", out var repository, out var noRepository))
        {
            return WebhookReading.Rejected($"repository.full_name {noRepository}");
        }

        var (field, said) = parsed.DeploymentStatus?.Environment is { Length: > 0 } now ? ("deployment_status", now) : ("deployment", parsed.Deployment!.Environment ?? "");
        if (!EnvironmentName.TryParse(said, out var environment, out var noEnvironment))
        {
            return WebhookReading.Rejected($"{field}.environment {noEnvironment}");
        }

        if (!options.Fleet.CountsEnvironment(environment))
        {
            return WebhookReading.Ignored($"the environment '{PayloadText.Shorten(said)}' is none of those that count (--deployment-environments)");
        }

        var word = parsed.DeploymentStatus?.State ?? "pending";
        return StateOf(word) is { } state ? Read(parsed, repository, environment, state, delivery)
            : word == "inactive" ? WebhookReading.Ignored("a deployment that another one replaced ended before")
            : WebhookReading.Unsupported(
                $"this exporter does not know the state '{PayloadText.Shorten(word)}' yet: the deployment is not counted by it",
                [.. Read(parsed, repository, environment, DeploymentState.Pending, delivery).Events]);
    }

    private static DeploymentState? StateOf(string state) => state switch
    {
        "queued" or "pending" or "waiting" => DeploymentState.Pending,
        "in_progress" => DeploymentState.InProgress,
        "success" => DeploymentState.Success,
        "failure" or "error" => DeploymentState.Failure,
        _ => null,
    };

    private string? ProblemOf(DeploymentPayload payload)
    {
        var deployment = payload.Deployment;
        return deployment is null ? "deployment is missing"
            : deployment.Id is not > 0 ? "deployment.id is missing, or no id"
            : name == Status && payload.DeploymentStatus?.State is null or "" ? "deployment_status.state is missing"
            : null;
    }

    private WebhookReading Read(DeploymentPayload payload, RepositoryName repository, EnvironmentName environment, DeploymentState state, WebhookDelivery delivery)
    {
        var deployment = payload.Deployment!;
        var told = PayloadText.Known(payload.DeploymentStatus?.CreatedAt) ?? PayloadText.Known(deployment.CreatedAt) ?? delivery.ReceivedAt;
        var age = delivery.ReceivedAt - told;
        if (age > options.Fleet.Horizon)
        {
            return WebhookReading.Rejected(PayloadText.TooOld(age, options.Fleet.Horizon), RejectionReason.TooOld);
        }

        if (-age > PayloadText.MostAhead)
        {
            return WebhookReading.Rejected("created_at is more than a day in the future: set this machine's clock", RejectionReason.InFuture);
        }

        var at = told < delivery.ReceivedAt ? told : delivery.ReceivedAt;
        return WebhookReading.Of(new DeploymentChanged(delivery.EventId, at, new Deployment(
            deployment.Id!.Value.ToString(CultureInfo.InvariantCulture), PayloadText.ServerOf(payload.Repository!, delivery), repository, environment, state)
        {
            Sha = CommitSha.TryParse(deployment.Sha ?? "", out var sha, out _) ? sha : default,
            FinishedAt = state >= DeploymentState.Success ? told : null,
        }));
    }
}

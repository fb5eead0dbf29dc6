using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using Known = RunnerMetrics.Contracts.V1.Deployment.Types.State;

namespace RunnerMetrics.Agent.Deployments;

/// <summary>A deployment from the command line.</summary>
internal sealed class DeploymentReport(Func<string, string?> environment, DateTimeOffset now, List<string> problems)
{
    public string? State { get; init; }

    public string? Environment { get; init; }

    public string? Id { get; init; }

    public string? Sha { get; init; }

    public string? CommittedAt { get; init; }

    public string? OldestCommittedAt { get; init; }

    public string? FinishedAt { get; init; }

    public bool IsRework { get; init; }

    public string? Repository { get; init; }

    public string? ServerUrl { get; init; }

    /// <summary>The event. If there are problems, it must not be sent.</summary>
    public Event Create()
    {
        var state = State switch
        {
            "pending" => Known.Pending,
            "in_progress" => Known.InProgress,
            "success" => Known.Success,
            "failure" => Known.Failure,
            _ => Known.Unspecified,
        };
        if (state == Known.Unspecified)
        {
            problems.Add($"--state must be pending, in_progress, success or failure; it is '{State}'.");
        }

        if (Sha is { Length: > 0 } && !(Sha.Length is 40 or 64 && Sha.All(char.IsAsciiHexDigit)))
        {
            problems.Add($"--sha must be a commit's full hash; it is '{Sha}'.");
        }

        var isOver = state is Known.Success or Known.Failure;
        if (FinishedAt is not null && !isOver)
        {
            problems.Add($"--finished-at goes with success and failure only, not with {State}: leave it out.");
        }

        var deployment = new Deployment
        {
            ServerUrl = ServerUrl ?? "",
            Repository = ReportText.ReadRepository(Repository, problems),
            Environment = ReportText.ReadEnvironment(Environment, problems),
            State = state,
            Sha = Sha ?? "",
            HeadCommittedAt = ReportText.ReadTime("--committed-at", CommittedAt, problems),
            OldestCommittedAt = ReportText.ReadTime("--oldest-committed-at", OldestCommittedAt, problems),
            FinishedAt = ReportText.ReadTime("--finished-at", FinishedAt, problems) ?? (isOver ? Timestamp.FromDateTimeOffset(now) : null),
            Rework = IsRework,
        };
        deployment.DeploymentId = ReadId(deployment.Environment);
        return new Event
        {
            EventId = ReportText.EventId(
                "deployment", deployment.ServerUrl, deployment.Repository, deployment.Environment, deployment.DeploymentId, State ?? "", IsRework ? "rework" : "",
                CommittedAt ?? "", OldestCommittedAt ?? ""),
            OccurredAt = Timestamp.FromDateTimeOffset(now),
            Deployment = deployment,
        };
    }

    // Another attempt of a run is another deployment: the first one failed, or there would be none.
    private string ReadId(string where)
    {
        if (Id is not null)
        {
            return ReportText.ReadId("--id", Id, problems);
        }

        if (environment("GITHUB_RUN_ID") is not { Length: > 0 } run)
        {
            problems.Add("--id is missing: give an id that is unique in the repository, or set GITHUB_RUN_ID.");
            return "";
        }

        var attempt = environment("GITHUB_RUN_ATTEMPT") is { Length: > 0 } given ? given : "1";
        return ReportText.ReadId("--id is missing, and the one made of the run and the environment", $"run-{run}-{attempt}-{where}", problems);
    }
}

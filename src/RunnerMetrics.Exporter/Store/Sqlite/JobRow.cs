using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>A job as the history has it, while an event changes it. What is not known is empty, 0 or null.</summary>
internal sealed record JobRow
{
    public const string Columns =
        "id, at, agent_key, github_id, scope, runner_name, runner_type, host, repository, workflow, name, run_id, run_attempt, check_run_id, state, queued_at, started_at, steps_started_at, completed_at, conclusion, reason";

    public const int ColumnCount = 21;

    /// <summary>The furthest that is known; the numbers are those of <see cref="WorkflowJobState"/>.</summary>
    public const int Waiting = 1, Queued = 2, Running = 3, Ended = 4;

    public long Id { get; init; }

    public long At { get; init; }

    public byte[]? AgentKey { get; init; }

    public long? GitHubId { get; init; }

    public string Scope { get; init; } = "";

    public string RunnerName { get; init; } = "";

    public string RunnerType { get; init; } = "";

    public string Host { get; init; } = "";

    public string Repository { get; init; } = "";

    public string Workflow { get; init; } = "";

    public string Name { get; init; } = "";

    public long RunId { get; init; }

    public int RunAttempt { get; init; }

    public long CheckRunId { get; init; }

    public int State { get; init; }

    public long? QueuedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? StepsStartedAt { get; init; }

    public long? CompletedAt { get; init; }

    public int? Conclusion { get; init; }

    public int? Reason { get; init; }

    /// <summary>Both sides' words of one job. This one's is kept where both say something, but that the first conclusion stays.</summary>
    public JobRow With(JobRow other) => this with
    {
        AgentKey = AgentKey ?? other.AgentKey,
        GitHubId = GitHubId ?? other.GitHubId,
        Scope = Scope.Length > 0 ? Scope : other.Scope,
        RunnerName = RunnerName.Length > 0 ? RunnerName : other.RunnerName,
        RunnerType = RunnerName.Length > 0 || other.RunnerName.Length == 0 ? RunnerType : other.RunnerType,
        Repository = Repository.Length > 0 ? Repository : other.Repository,
        Workflow = Workflow.Length > 0 ? Workflow : other.Workflow,
        Name = Name.Length > 0 ? Name : other.Name,
        RunId = RunId != 0 ? RunId : other.RunId,
        RunAttempt = RunAttempt != 0 ? RunAttempt : other.RunAttempt,
        CheckRunId = CheckRunId != 0 ? CheckRunId : other.CheckRunId,
        State = Math.Max(State, other.State),
        QueuedAt = QueuedAt ?? other.QueuedAt,
        StartedAt = StartedAt ?? other.StartedAt,
        StepsStartedAt = StepsStartedAt ?? other.StepsStartedAt,
        CompletedAt = CompletedAt ?? other.CompletedAt,
        Conclusion = Conclusion ?? other.Conclusion,
        Reason = Reason ?? other.Reason,
    };

    /// <summary>Whether an index has to know of what changed, but for the conclusion.</summary>
    public bool IsIndexedAs(JobRow before) =>
        AgentKey == before.AgentKey && GitHubId == before.GitHubId && RunnerName == before.RunnerName && Repository == before.Repository && Workflow == before.Workflow
        && RunId == before.RunId && CheckRunId == before.CheckRunId && Scope == before.Scope && RunnerType == before.RunnerType && Name == before.Name && RunAttempt == before.RunAttempt;

    public static JobRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        At = row.GetInt64(1),
        AgentKey = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
        GitHubId = NumberAt(row, 3),
        Scope = row.GetString(4),
        RunnerName = row.GetString(5),
        RunnerType = row.GetString(6),
        Host = row.GetString(7),
        Repository = row.GetString(8),
        Workflow = row.GetString(9),
        Name = row.GetString(10),
        RunId = row.GetInt64(11),
        RunAttempt = row.GetInt32(12),
        CheckRunId = row.GetInt64(13),
        State = row.GetInt32(14),
        QueuedAt = NumberAt(row, 15),
        StartedAt = NumberAt(row, 16),
        StepsStartedAt = NumberAt(row, 17),
        CompletedAt = NumberAt(row, 18),
        Conclusion = (int?)NumberAt(row, 19),
        Reason = (int?)NumberAt(row, 20),
    };

    /// <summary>The row for those who ask.</summary>
    public HistoryJob ToJob() => new()
    {
        Place = new HistoryCursor(At, Id),
        Scope = Scope,
        RunnerName = RunnerName,
        RunnerType = RunnerType,
        Host = Host,
        Repository = Repository,
        Workflow = Workflow,
        Name = Name,
        RunId = RunId,
        RunAttempt = RunAttempt,
        CheckRunId = CheckRunId,
        State = (WorkflowJobState)State,
        QueuedAt = TimeOf(QueuedAt),
        StartedAt = TimeOf(StartedAt),
        StepsStartedAt = TimeOf(StepsStartedAt),
        CompletedAt = TimeOf(CompletedAt),
        Conclusion = (JobConclusion?)Conclusion,
        Reason = (JobFailureReason?)Reason,
    };

    private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;

    private static long? NumberAt(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

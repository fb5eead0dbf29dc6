using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>
/// Keeps one row a job, in the transaction of the event that speaks of it. What an agent and GitHub say of one job is in one row: joined by the check run,
/// else by run, attempt, runner and time, as the counters join them.
/// </summary>
internal sealed class JobHistory(SqliteConnection connection) : IDisposable
{
    /// <summary>How far two clocks that are believed may be apart; and how far two jobs of one run on one runner, whose names differ, always are.</summary>
    private const long SameName = 300_000, AnyName = 10_000;

    /// <summary>How many jobs of one run on one runner are looked at: the most that a run has, from both sides.</summary>
    private const int MostSightings = 512;

    private const string ByCheckRun = $"SELECT {JobRow.Columns} FROM job WHERE check_run_id = $1 AND check_run_id <> 0 AND host = $2 AND repository = $3";
    private const string ByRun = $"SELECT {JobRow.Columns} FROM job WHERE run_id = $1 AND run_id <> 0 AND runner_name = $2 AND host = $3";

    private readonly Statement _byAgentKey = new(connection, $"SELECT {JobRow.Columns} FROM job WHERE agent_key = $1");
    private readonly Statement _byGitHubId = new(connection, $"SELECT {JobRow.Columns} FROM job WHERE github_id = $1 AND host = $2");
    private readonly Statement _agentsByCheckRun = new(connection, $"{ByCheckRun} AND github_id IS NULL LIMIT 1");
    private readonly Statement _gitHubsByCheckRun = new(connection, $"{ByCheckRun} AND agent_key IS NULL LIMIT 1");
    private readonly Statement _agentsByRun = new(connection, $"{ByRun} AND github_id IS NULL ORDER BY id DESC LIMIT {MostSightings}");
    private readonly Statement _gitHubsByRun = new(connection, $"{ByRun} AND agent_key IS NULL ORDER BY id DESC LIMIT {MostSightings}");
    private readonly Statement _insert = new(
        connection, $"INSERT INTO job ({JobRow.Columns}, queue_key) VALUES (NULL, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)");
    private readonly Statement _update = new(
        connection, "UPDATE job SET state = $2, queued_at = $3, started_at = $4, steps_started_at = $5, completed_at = $6, conclusion = $7, reason = $8 WHERE id = $1");
    private readonly Statement _rename = new(
        connection,
        "UPDATE job SET agent_key = $2, github_id = $3, scope = $4, runner_name = $5, runner_type = $6, repository = $7, workflow = $8, name = $9, run_id = $10, run_attempt = $11, check_run_id = $12 WHERE id = $1");
    private readonly Statement _delete = new(connection, "DELETE FROM job WHERE id = $1");
    private readonly Statement _expire = new(connection, "UPDATE job SET state = 4 WHERE queue_key = $1 AND state <= 2");

    public void Write(FleetEvent happened)
    {
        switch (happened)
        {
            case JobStarted started:
                Learn(OfAgent(started.Runner, started.Job, started.OccurredAt) with { State = JobRow.Running, StartedAt = Milliseconds(started.OccurredAt) });
                break;
            case JobCompleted completed:
                Learn(OfAgent(completed.Runner, completed.Job, completed.StartedAt ?? completed.CompletedAt ?? completed.OccurredAt) with
                {
                    State = JobRow.Ended,
                    StartedAt = Milliseconds(completed.StartedAt),
                    StepsStartedAt = Milliseconds(completed.StepsStartedAt),
                    CompletedAt = Milliseconds(completed.CompletedAt),
                    Conclusion = (int)completed.Conclusion,
                    Reason = (int?)completed.FailureReason,
                });
                break;
            case JobGivenUp givenUp when Find(_byAgentKey, KeyOf(givenUp.JobKey)) is { Conclusion: null } open:
                Update(open, open with { State = JobRow.Ended, Conclusion = (int)JobConclusion.Lost });
                break;
            case WorkflowJobChanged changed:
                Learn(OfGitHub(changed), changed.Job.CountsForKnownRunnersOnly);
                break;
            case QueuedJobExpired expired:
                _expire.Execute(BytesOf(UInt128.Parse(expired.JobKey, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
                break;
        }
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[
            _byAgentKey, _byGitHubId, _agentsByCheckRun, _gitHubsByCheckRun, _agentsByRun, _gitHubsByRun, _insert, _update, _rename, _delete, _expire])
        {
            statement.Dispose();
        }
    }

    private static JobRow OfAgent(RunnerIdentity runner, JobIdentity job, DateTimeOffset at) => new()
    {
        At = at.ToUnixTimeMilliseconds(),
        AgentKey = KeyOf(job.Key),
        Scope = runner.Scope,
        RunnerName = runner.Name,
        RunnerType = runner.Type,
        Host = GitHubServer.HostOf(job.ServerUrl),
        Repository = job.Repository,
        Workflow = job.Workflow,
        Name = job.Name,
        RunId = job.RunId,
        RunAttempt = job.RunAttempt,
        CheckRunId = job.CheckRunId,
    };

    private static JobRow OfGitHub(WorkflowJobChanged changed)
    {
        var (job, state) = (changed.Job, changed.State);
        var host = GitHubServer.HostOf(job.ServerUrl);
        var waits = state <= WorkflowJobState.Queued;
        var queuedAt = job.CreatedAt ?? (waits ? job.StartedAt ?? changed.OccurredAt : null);
        var runs = job.RunnerName.Length > 0 && !waits;
        return new JobRow
        {
            At = (queuedAt ?? job.StartedAt ?? changed.OccurredAt).ToUnixTimeMilliseconds(),
            GitHubId = job.Id,
            Scope = runs ? $"{host}/{job.Repository.Owner.ToLowerInvariant()}" : "",
            RunnerName = waits ? "" : job.RunnerName,
            RunnerType = job.RunnerType,
            Host = host,
            Repository = job.Repository,
            Workflow = job.Workflow,
            Name = job.Name,
            RunId = job.RunId,
            RunAttempt = job.RunAttempt,
            CheckRunId = job.CheckRunId == 0 ? job.Id : job.CheckRunId,
            State = (int)state,
            QueuedAt = Milliseconds(queuedAt),
            StartedAt = runs ? Milliseconds(job.StartedAt) : null,
            CompletedAt = state == WorkflowJobState.Completed ? Milliseconds(job.CompletedAt) : null,
            Conclusion = state == WorkflowJobState.Completed && runs ? (int?)job.Conclusion : null,
            Reason = state == WorkflowJobState.Completed && runs ? (int?)job.FailureReason : null,
        };
    }

    // The row of the side that speaks, the row of the other side, both, or neither.
    private void Learn(JobRow told, bool onlyWhatIsKnown = false)
    {
        var own = told.AgentKey is { } key ? Find(_byAgentKey, key) : Find(_byGitHubId, told.GitHubId, told.Host);
        var other = own is { AgentKey: not null, GitHubId: not null } ? null : FindOther(own is null ? told : Merge(own, told));
        if (own is null && other is null)
        {
            if (!onlyWhatIsKnown)
            {
                Insert(told);
            }

            return;
        }

        if (own is not null && other is not null)
        {
            // Two rows are one job, as is known only now: the one that was there first continues.
            var (first, second) = own.Id < other.Id ? (own, other) : (other, own);
            _delete.Execute(second.Id);
            Update(first, Merge(Merge(first, second), told));
            return;
        }

        var known = (own ?? other)!;
        Update(known, Merge(known, told));
    }

    // An agent knows its runner, and the reason of a failure, better than GitHub does.
    private static JobRow Merge(JobRow known, JobRow told)
    {
        var merged = known.With(told);
        if (told.AgentKey is not null)
        {
            merged = merged with { Scope = told.Scope, RunnerName = told.RunnerName, RunnerType = told.RunnerType };
        }

        var decides = known.Conclusion is null ? told : known;
        return merged with
        {
            Reason = merged.Conclusion != (int)JobConclusion.Failed ? decides.Reason
                : told.AgentKey is not null && told.Conclusion == merged.Conclusion && told.Reason is not null ? told.Reason
                : decides.Reason ?? merged.Reason,
        };
    }

    private JobRow? FindOther(JobRow job)
    {
        var isAgents = job.AgentKey is not null;
        if (job.CheckRunId != 0 && job.Repository.Length > 0)
        {
            var byCheckRun = isAgents ? _gitHubsByCheckRun : _agentsByCheckRun;
            var other = Find(byCheckRun, job.CheckRunId, job.Host, job.Repository)
                ?? (job.GitHubId is { } id && id != job.CheckRunId ? Find(byCheckRun, id, job.Host, job.Repository) : null);
            if (other is not null || isAgents)
            {
                return other;
            }
        }

        return job.RunId == 0 || job.RunnerName.Length == 0 ? null : FindByTime(job, isAgents ? _gitHubsByRun : _agentsByRun);
    }

    private static JobRow? FindByTime(JobRow job, Statement byRun)
    {
        (JobRow Row, bool IsNamed, long Distance)? best = null;
        using var rows = byRun.Query(job.RunId, job.RunnerName, job.Host);
        while (rows.Read())
        {
            var row = JobRow.Read(rows);
            var agents = job.AgentKey is null ? row : job;
            var isNamed = row.Name == job.Name || row.Name.Length == 0 || job.Name.Length == 0;
            var isOther = agents.CheckRunId != 0 || (row.RunAttempt != job.RunAttempt && row.RunAttempt != 0 && job.RunAttempt != 0);
            if (!isOther && (row.StartedAt - job.StartedAt ?? row.CompletedAt - job.CompletedAt) is { } difference && Math.Abs(difference) <= (isNamed ? SameName : AnyName)
                && (best is null || (isNamed, -Math.Abs(difference)).CompareTo((best.Value.IsNamed, -best.Value.Distance)) > 0))
            {
                best = (row, isNamed, Math.Abs(difference));
            }
        }

        return best?.Row;
    }

    private void Insert(JobRow row) => _insert.Execute(
        row.At, row.AgentKey, row.GitHubId, row.Scope, row.RunnerName, row.RunnerType, row.Host, row.Repository, row.Workflow, row.Name, row.RunId, row.RunAttempt,
        row.CheckRunId, row.State, row.QueuedAt, row.StartedAt, row.StepsStartedAt, row.CompletedAt, row.Conclusion, row.Reason,
        row is { GitHubId: { } id, State: <= JobRow.Queued } ? KeyOf(string.Create(CultureInfo.InvariantCulture, $"job\n{row.Host}\n{id}")) : null);

    private void Update(JobRow before, JobRow row)
    {
        if (!row.IsIndexedAs(before))
        {
            _rename.Execute(
                row.Id, row.AgentKey, row.GitHubId, row.Scope, row.RunnerName, row.RunnerType, row.Repository, row.Workflow, row.Name, row.RunId, row.RunAttempt, row.CheckRunId);
        }

        _update.Execute(row.Id, row.State, row.QueuedAt, row.StartedAt, row.StepsStartedAt, row.CompletedAt, row.Conclusion, row.Reason);
    }

    private static JobRow? Find(Statement statement, params ReadOnlySpan<object?> values)
    {
        using var rows = statement.Query(values);
        return rows.Read() ? JobRow.Read(rows) : null;
    }

    // 128 bits, whatever a sender takes for a key.
    private static byte[] KeyOf(string jobKey) => SHA256.HashData(Encoding.UTF8.GetBytes(jobKey))[..16];

    private static byte[] BytesOf(UInt128 key)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, key);
        return bytes;
    }

    private static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}

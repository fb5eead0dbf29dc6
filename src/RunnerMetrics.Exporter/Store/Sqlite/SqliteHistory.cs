using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>
/// Asks the tables that the writer fills. One index leads through a table from the latest to the oldest row, and each row is checked against the whole query; what takes longer than
/// <see cref="LongestRead"/> ends the page where it is.
/// </summary>
internal sealed class SqliteHistory(string path, TimeProvider time) : IHistory, IDisposable
{
    /// <summary>How long one page may be read for: a checkpoint of the writer's waits for no longer.</summary>
    public static readonly TimeSpan LongestRead = TimeSpan.FromMilliseconds(500);

    /// <summary>How many rows are looked at in any case: a machine that is busy elsewhere shortens no small answer.</summary>
    private const int FewestRows = 50;

    private const string LatestFirst = "at <= $1 AND (at < $1 OR id < $2) AND at >= $3 ORDER BY at DESC, id DESC";
    private const string OldestFirst = "at >= $1 AND (at > $1 OR id > $2) AND at < $3 ORDER BY at, id";

    private const string JobFilter = """
        ($4 IS NULL OR repository = $4) AND ($5 IS NULL OR runner_name = $5) AND ($6 IS NULL OR runner_type = $6) AND ($7 IS NULL OR scope = $7)
        AND ($8 IS NULL OR workflow = $8) AND ($9 IS NULL OR conclusion = $9) AND ($10 IS NULL OR state < 4) AND ($11 IS NULL OR reason = $11)
        AND ($12 IS NULL OR state >= $12) AND ($13 IS NULL OR state <= $13)
        AND ($14 IS NULL OR instr(lower(runner_name || char(10) || repository || char(10) || workflow || char(10) || name), $14) > 0)
        """;

    private const string DeploymentFilter = "($4 IS NULL OR repository = $4) AND ($5 IS NULL OR environment = $5) AND ($6 IS NULL OR state = $6)";

    private readonly ReaderPool _readers = new(path);

    /// <inheritdoc/>
    public Task<HistoryPage<HistoryJob>> FindAsync(JobQuery query, CancellationToken cancelled) => FindAsync(
        query, SqlOf(query), JobRow.ColumnCount,
        [
            query.Repository, query.RunnerName, query.RunnerType, query.Scope, query.Workflow, (int?)query.Conclusion, query.OnlyOpen ? 1 : null, (int?)query.Reason,
            (int?)query.LeastState, (int?)query.MostState, LowerOf(query.Text),
        ],
        row => JobRow.Read(row).ToJob(), cancelled);

    /// <inheritdoc/>
    public Task<HistoryPage<HistoryDeployment>> FindAsync(DeploymentQuery query, CancellationToken cancelled) => FindAsync(
        query, SqlOf(query), DeploymentRow.ColumnCount, [query.Repository, query.Environment, (int?)query.State], DeploymentRow.Read, cancelled);

    /// <inheritdoc/>
    public Task<HistoryJob?> FindAsync(HistoryCursor place, CancellationToken cancelled) => _readers.ReadAsync(
        connection =>
        {
            using var statement = new Statement(connection, $"SELECT {JobRow.Columns} FROM job WHERE id = $1 AND at = $2");
            using var rows = statement.Query(place.Id, place.At);
            return rows.Read() ? JobRow.Read(rows).ToJob() : null;
        },
        cancelled);

    /// <inheritdoc/>
    public Task<HistoryCounts> CountAsync(DateTimeOffset since, CancellationToken cancelled) =>
        _readers.ReadAsync(connection => HistoryCounter.Count(connection, since.ToUnixTimeMilliseconds()), cancelled);

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    /// <summary>The question to the table: what is rarest leads. Most jobs end well, so how one ended leads before its repository only if it did not.</summary>
    public static string SqlOf(JobQuery query)
    {
        var leader = query.OnlyOpen || query.MostState < WorkflowJobState.Completed ? "state < 4 AND "
            : query.RunnerName is not null ? "runner_name = $5 AND "
            : query.Reason is not null ? "reason = $11 AND "
            : query.Workflow is not null ? "workflow = $8 AND "
            : query.Conclusion > JobConclusion.Success ? "conclusion = $9 AND "
            : query.Repository is not null ? "repository = $4 AND "
            : query.Conclusion is not null ? "conclusion = $9 AND "
            : "";
        return $"SELECT {JobRow.Columns}, coalesce({JobFilter}, 0) FROM job WHERE {leader}{BoundsOf(query)}";
    }

    /// <summary>The question to the table.</summary>
    public static string SqlOf(DeploymentQuery query) =>
        $"SELECT {DeploymentRow.Columns}, coalesce({DeploymentFilter}, 0) FROM deployment WHERE {(query.Repository is null ? "" : "repository = $4 AND ")}{BoundsOf(query)}";

    // As SQLite's own lower() does.
    private static string? LowerOf(string? text) => text is null ? null : string.Create(text.Length, text, static (lower, given) =>
    {
        for (var i = 0; i < given.Length; i++)
        {
            lower[i] = char.IsAsciiLetterUpper(given[i]) ? (char)(given[i] | 0x20) : given[i];
        }
    });

    private static string BoundsOf(HistoryQuery query) => query.IsOldestFirst ? OldestFirst : LatestFirst;

    private Task<HistoryPage<T>> FindAsync<T>(
        HistoryQuery query, string sql, int columns, object?[] filter, Func<SqliteDataReader, T> read, CancellationToken cancelled) => _readers.ReadAsync(
        connection =>
        {
            var started = time.GetTimestamp();
            var longest = query.LongestRead < LongestRead ? query.LongestRead : LongestRead;
            var items = new List<T>();
            using var statement = new Statement(connection, sql);
            var looked = 0;
            using var rows = statement.Query([query.Start.At, query.Start.Id, query.End, .. filter]);
            while (rows.Read())
            {
                cancelled.ThrowIfCancellationRequested();
                if (rows.GetInt64(columns) != 0)
                {
                    items.Add(read(rows));
                }

                if (items.Count == query.Limit || (++looked >= FewestRows && time.GetElapsedTime(started) >= longest))
                {
                    return new HistoryPage<T>(items, new HistoryCursor(rows.GetInt64(1), rows.GetInt64(0)));
                }
            }

            return new HistoryPage<T>(items, null);
        },
        cancelled);
}

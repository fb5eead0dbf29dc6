using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>A prepared statement, whose parameters are <c>$1</c>, <c>$2</c> and so on.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _parameters;

    public Statement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is a constant of this program; what comes from outside is bound.
        _command.CommandText = sql;
#pragma warning restore CA2100
        var count = 0;
        while (sql.Contains($"${count + 1}", StringComparison.Ordinal))
        {
            count++;
        }

        _parameters = [.. Enumerable.Range(1, count).Select(number => new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${number}"), null))];
        _command.Parameters.AddRange(_parameters);
        _command.Prepare();
    }

    /// <summary>Runs it.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it and gives its rows.</summary>
    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <summary>The first value of its first row; null if there is none.</summary>
    public long? Number(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteScalar() as long?;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}

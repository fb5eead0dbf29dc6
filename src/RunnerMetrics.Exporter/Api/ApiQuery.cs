using System.Globalization;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Exporter.Api;

/// <summary>The query of a request, read by the description of its call. What is wrong with it is gathered, so that one answer says all of it.</summary>
internal sealed class ApiQuery
{
    private const int LongestText = 256;

    private readonly IQueryCollection _query;
    private readonly ApiDescription _call;
    private readonly TimeProvider _time;
    private readonly List<ApiError> _errors = [];

    /// <param name="query">The query as it came.</param>
    /// <param name="call">What may stand in it.</param>
    /// <param name="time">From when on "how long ago" counts.</param>
    public ApiQuery(IQueryCollection query, ApiDescription call, TimeProvider time)
    {
        (_query, _call, _time) = (query, call, time);
        foreach (var (name, values) in query)
        {
            if (call.Parameters.All(parameter => parameter.Name != name))
            {
                Refuse(name, $"is not a parameter of {call.Path}: {Suggest(name)}");
            }
            else if (values.Count > 1)
            {
                Refuse(name, $"is given {values.Count} times: give it once");
            }
        }
    }

    /// <summary>What is wrong with the query; empty where it is right.</summary>
    public IReadOnlyList<ApiError> Errors => _errors;

    /// <summary>A text; null where it is not given, or empty.</summary>
    public string? Text(ApiParameter parameter)
    {
        var text = Given(parameter);
        if (text is null && parameter.IsRequired)
        {
            Refuse(parameter.Name, $"is missing: give one such as {parameter.Example}");
        }

        if (text?.Length > LongestText)
        {
            Refuse(parameter.Name, $"has {text.Length} characters: give at most {LongestText}");
        }

        return text;
    }

    /// <summary>One of the parameter's words; null where it is not given and has no default.</summary>
    public string? Word(ApiParameter parameter)
    {
        var text = Given(parameter) ?? parameter.Default;
        if (text is null || parameter.Words.Contains(text))
        {
            return text;
        }

        Refuse(parameter.Name, $"is '{Short(text)}': give {string.Join(", ", parameter.Words.SkipLast(1))} or {parameter.Words[^1]}");
        return null;
    }

    /// <summary>A number of items.</summary>
    public int Limit(ApiParameter parameter)
    {
        var text = Given(parameter) ?? parameter.Default!;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= parameter.Most)
        {
            return limit;
        }

        Refuse(parameter.Name, $"is '{Short(text)}': give a number from 1 to {parameter.Most}");
        return 1;
    }

    /// <summary>A time: <c>2026-11-29T12:00:00Z</c>, or how long ago, <c>24h</c>.</summary>
    public DateTimeOffset? Time(ApiParameter parameter)
    {
        if ((Given(parameter) ?? parameter.Default) is not { } text)
        {
            return null;
        }

        if (Durations.Parse(text) is (var ago, null) && ago < TimeSpan.FromDays(36_500))
        {
            return _time.GetUtcNow() - ago;
        }

        if (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return at.ToUniversalTime();
        }

        Refuse(parameter.Name, $"is '{Short(text)}': give a time such as 2026-11-29T12:00:00Z, or how long ago, such as 24h or 7d");
        return null;
    }

    /// <summary>Where a page of the history begins.</summary>
    public HistoryCursor? Cursor(ApiParameter parameter)
    {
        if (Given(parameter) is not { } text)
        {
            return null;
        }

        if (HistoryCursor.TryParse(text, out var cursor))
        {
            return cursor;
        }

        Refuse(parameter.Name, $"is '{Short(text)}': give the next of the page before, as it stands there");
        return null;
    }

    /// <summary>Notes what is wrong with a parameter.</summary>
    public void Refuse(string name, string problem) => _errors.Add(new ApiError { Parameter = Short(name), Problem = problem });

    private string? Given(ApiParameter parameter) => !_call.Parameters.Contains(parameter)
        ? throw new ArgumentException($"{_call.Path} is not described to have the parameter {parameter.Name}.", nameof(parameter))
        : _query[parameter.Name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    private string Suggest(string name)
    {
        var names = _call.Parameters.Select(parameter => parameter.Name).ToArray();
        return NearestName.Of(name, names) is { } nearest ? $"did you mean {nearest}?"
            : names.Length == 0 ? "it takes none"
            : $"it takes {string.Join(", ", names)}";
    }

    private static string Short(string text) => text.Length <= 64 ? text : text[..64] + "…";
}

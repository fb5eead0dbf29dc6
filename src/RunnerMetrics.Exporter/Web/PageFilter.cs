using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Api;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Exporter.Web;

/// <summary>What the page's address asks for. A link that somebody cut short shows more than was meant, and no error.</summary>
internal sealed record PageFilter
{
    public string Text { get; private init; } = "";

    public string Conclusion { get; private init; } = "";

    public string Reason { get; private init; } = "";

    public string Type { get; private init; } = "";

    public string Repository { get; private init; } = "";

    public string Workflow { get; private init; } = "";

    public string From { get; private init; } = "";

    /// <summary>Reads the address.</summary>
    public static PageFilter Of(IQueryCollection query)
    {
        return new PageFilter
        {
            Text = Given("q"),
            Conclusion = Word(ApiParameters.Conclusion),
            Reason = Word(ApiParameters.Reason),
            Type = Given("type"),
            Repository = Given("repository"),
            Workflow = Given("workflow"),
            From = Durations.Parse(Given("from")).Problem is null ? Given("from") : "",
        };

        string Given(string name) => query[name].FirstOrDefault() is { Length: > 0 and <= 256 } text ? text.Trim() : "";

        string Word(ApiParameter parameter) => parameter.Words.Contains(Given(parameter.Name)) ? Given(parameter.Name) : "";
    }

    /// <summary>Whether a runner is among what is looked for.</summary>
    public bool Means(RunnerSummary runner) =>
        (Type.Length == 0 || runner.Type == Type)
        && (Text.Length == 0 || runner.Name.Contains(Text, StringComparison.OrdinalIgnoreCase) || runner.Type.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || runner.Scope.Contains(Text, StringComparison.OrdinalIgnoreCase));

    /// <summary>The jobs that are looked for among those that wait or run.</summary>
    public JobQuery Open() => new()
    {
        RunnerType = KnownText.OrNull(Type),
        Repository = KnownText.OrNull(Repository),
        Workflow = KnownText.OrNull(Workflow),
        Text = KnownText.OrNull(Text),
        LongestRead = ApiCall.LongestRead,
    };

    /// <summary>The jobs that are looked for among all.</summary>
    public JobQuery Jobs(DateTimeOffset now) => Open() with
    {
        Conclusion = Enum.GetValues<JobConclusion>().Cast<JobConclusion?>().FirstOrDefault(known => JobAnswer.WordOf(known) == Conclusion),
        Reason = Enum.GetValues<JobFailureReason>().Cast<JobFailureReason?>().FirstOrDefault(known => JobAnswer.WordOf(known) == Reason),
        From = Durations.Parse(From) is (var ago, null) && ago < TimeSpan.FromDays(36_500) ? now - ago : null,
    };
}

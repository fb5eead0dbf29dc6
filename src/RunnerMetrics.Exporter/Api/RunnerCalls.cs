using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Answers which runners there are.</summary>
internal sealed class RunnerCalls(ApiCall call, FleetState fleet)
{
    /// <summary>The worst first: who is on call begins there.</summary>
    private static readonly string[] States = ["refused", "offline", "disconnected", "unknown", "busy", "idle"];

    /// <summary><c>GET /api/v1/runners</c>.</summary>
    public Task FindAsync(HttpContext context) => call.AnswerAsync(context, ApiDescriptions.Runners, query =>
    {
        var (scope, type, state) = (query.Text(ApiParameters.Scope), query.Text(ApiParameters.RunnerType), query.Word(ApiParameters.RunnerState));
        var (text, sort, limit) = (query.Text(ApiParameters.RunnerText), query.Word(ApiParameters.RunnerSort), query.Limit(ApiParameters.RunnerLimit));
        var after = ReadCursor(query);
        return () =>
        {
            var found = fleet.Describe().Where(runner =>
                (scope is null || runner.Scope == scope) && (type is null || runner.Type == type) && (state is null || runner.State == state) && (text is null || Contains(runner, text)));
            return context.SendAsync(PageOf([.. found], sort!, limit, after), ApiJson.Default.RunnersAnswer);
        };
    });

    /// <summary><c>GET /api/v1/runner</c>.</summary>
    public Task FindOneAsync(HttpContext context) => call.AnswerAsync(context, ApiDescriptions.OneRunner, query =>
    {
        var (name, type, scope) = (query.Text(ApiParameters.Name), query.Text(ApiParameters.RunnerType), query.Text(ApiParameters.Scope));
        return () => fleet.Describe().Where(runner => runner.Name == name && (type is null || runner.Type == type) && (scope is null || runner.Scope == scope)).Take(11).ToArray() switch
        {
            [var runner] => context.SendAsync(RunnerAnswer.Of(runner), ApiJson.Default.RunnerAnswer),
            [] => context.RefuseAsync(StatusCodes.Status404NotFound, $"There is no runner {name} of that type and scope: {ApiDescriptions.Runners.Path} lists those that are known."),
            var several => context.RefuseAsync(
                StatusCodes.Status409Conflict,
                $"Several runners are meant: {string.Join(", ", several.Take(10).Select(runner => $"type={runner.Type}&scope={runner.Scope}"))}. Say which with type and scope."),
        };
    });

    /// <summary>A page of runners.</summary>
    /// <param name="runners">All that fit.</param>
    /// <param name="sort">One of the words of <see cref="ApiParameters.RunnerSort"/>.</param>
    /// <param name="limit">How many the page holds at most.</param>
    /// <param name="after">Behind which place in that order it begins; null at its begin.</param>
    public static RunnersAnswer PageOf(IReadOnlyCollection<RunnerSummary> runners, string sort, int limit, string? after = null)
    {
        var (order, isBackwards) = (sort.TrimStart('-'), sort[0] == '-');
        var keyed = runners.Select(runner => (Runner: runner, Key: KeyOf(runner, order)));
        var ordered = isBackwards ? keyed.OrderByDescending(runner => runner.Key, StringComparer.Ordinal) : keyed.OrderBy(runner => runner.Key, StringComparer.Ordinal);
        var page = ordered.Where(runner => after is null || (string.CompareOrdinal(runner.Key, after) > 0) == !isBackwards && runner.Key != after).Take(limit + 1).ToArray();
        return new RunnersAnswer
        {
            Items = [.. page.Take(limit).Select(runner => RunnerAnswer.Of(runner.Runner))],
            Next = page.Length > limit ? WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(page[limit - 1].Key)) : null,
            Total = runners.Count,
        };
    }

    // The place of a runner in an order, which holds whoever comes and goes.
    private static string KeyOf(RunnerSummary runner, string order)
    {
        var rest = $"{runner.Name}\n{runner.Scope}\n{runner.Type}";
        return order switch
        {
            "state" => string.Create(CultureInfo.InvariantCulture, $"{Array.IndexOf(States, runner.State)}\n{rest}"),
            "last_heard" => string.Create(CultureInfo.InvariantCulture, $"{runner.LastHeard?.ToUnixTimeMilliseconds() ?? 0:D16}\n{rest}"),
            _ => rest,
        };
    }

    private static string? ReadCursor(ApiQuery query)
    {
        if (query.Text(ApiParameters.After) is not { } text)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text));
        }
        catch (FormatException)
        {
            query.Refuse(ApiParameters.After.Name, "is no place in a list of runners: give the next of the page before, as it stands there");
            return null;
        }
    }

    private static bool Contains(RunnerSummary runner, string text) =>
        runner.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || runner.Type.Contains(text, StringComparison.OrdinalIgnoreCase)
        || runner.Scope.Contains(text, StringComparison.OrdinalIgnoreCase);
}

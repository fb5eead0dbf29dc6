using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>One request: who asks, and for what.</summary>
internal sealed record ApiCall(string Method, string[] Path, IQueryCollection Query, string Address, ApiCaller Caller)
{
    public int PerPage => Math.Clamp(Number("per_page", 30), 1, 100);

    public int Page => Math.Max(1, Number("page", 1));

    /// <summary>A page of a list, and the addresses of its neighbours as a <c>Link</c> header.</summary>
    public (IReadOnlyList<T> Items, string Link) PageOf<T>(IReadOnlyList<T> all)
    {
        var last = Math.Max(1, (all.Count + PerPage - 1) / PerPage);
        List<string> links = [];
        if (Page < last)
        {
            links.Add($"<{AddressWith("page", Page + 1)}>; rel=\"next\"");
            links.Add($"<{AddressWith("page", last)}>; rel=\"last\"");
        }

        return ([.. all.Skip((Page - 1) * PerPage).Take(PerPage)], string.Join(", ", links));
    }

    public string AddressWith(string name, object value)
    {
        var query = Query.Where(pair => pair.Key != name).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value.ToString())}")
            .Append(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));
        return $"{Address}?{string.Join('&', query)}";
    }

    private int Number(string name, int fallback) => int.TryParse(Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}

namespace RunnerMetrics.Architecture.Tests;

/// <summary>
/// What uses what, one line each: <c>Webhooks: Intake Secrets</c>. Whoever is used stands above those who use it, so that a table cannot describe a circle.
/// </summary>
internal sealed class ArrowTable
{
    private readonly List<(string Name, string[] Uses)> _lines;
    private readonly HashSet<Arrow> _still;

    /// <param name="text">The lines.</param>
    /// <param name="still">Arrows that are there, and are to go: <c>Store: Journal</c>. They may point anywhere.</param>
    public ArrowTable(string text, string still = "")
    {
        _lines = Parse(text);
        _still = [.. Parse(still).SelectMany(line => line.Uses.Select(use => new Arrow(line.Name, use)))];
    }

    /// <summary>What differs between this table and what is there, a sentence each; nothing where they agree.</summary>
    /// <param name="names">Everything that there is.</param>
    /// <param name="arrows">Who uses whom, with an example.</param>
    public IReadOnlyList<string> Compare(IReadOnlySet<string> names, IReadOnlyDictionary<Arrow, string> arrows)
    {
        var order = _lines.Select((line, place) => (line.Name, place)).ToDictionary(line => line.Name, line => line.place);
        var allowed = _lines.SelectMany(line => line.Uses.Select(use => new Arrow(line.Name, use))).ToHashSet();
        return
        [
            .. names.Where(name => !order.ContainsKey(name)).Select(name => $"{name} has no line in the table."),
            .. order.Keys.Where(name => !names.Contains(name)).Select(name => $"{name} has a line, and is not there: remove the line."),
            .. allowed.Where(arrow => order.GetValueOrDefault(arrow.Used, int.MaxValue) >= order[arrow.User])
                .Select(arrow => $"{arrow} points down the table: whoever is used stands above those who use it."),
            .. arrows.Where(arrow => order.ContainsKey(arrow.Key.User) && !allowed.Contains(arrow.Key) && !_still.Contains(arrow.Key)).Select(arrow => $"{arrow.Key} is not allowed: {arrow.Value}."),
            .. allowed.Where(arrow => !arrows.ContainsKey(arrow)).Select(arrow => $"{arrow} is allowed, and nothing needs it: remove it."),
            .. _still.Where(arrow => !arrows.ContainsKey(arrow)).Select(arrow => $"{arrow} is gone: remove it from what still stands."),
            .. _still.Where(arrow => order.GetValueOrDefault(arrow.Used, int.MaxValue) < order.GetValueOrDefault(arrow.User))
                .Select(arrow => $"{arrow} closes no circle where the lines stand: move it from what still stands into the table."),
            .. _still.Where(allowed.Contains).Select(arrow => $"{arrow} is allowed: remove it from what still stands."),
        ];
    }

    /// <summary>What is there, as a table: whoever uses nothing comes first, and what closes a circle stands apart.</summary>
    public static string Describe(IEnumerable<string> names, IEnumerable<Arrow> arrows)
    {
        var uses = arrows.ToLookup(arrow => arrow.User, arrow => arrow.Used);
        var left = names.ToHashSet();
        List<string> lines = [], still = ["still:"];
        while (left.Count > 0)
        {
            var next = left.OrderBy(name => uses[name].Count(left.Contains)).ThenBy(name => name, StringComparer.Ordinal).First();
            left.Remove(next);
            lines.Add(Line(next, uses[next].Except(left)));
            still.AddRange(uses[next].Intersect(left).Take(1).Select(_ => Line(next, uses[next].Intersect(left))));
        }

        return string.Join('\n', still.Count > 1 ? lines.Concat(still) : lines);
    }

    private static string Line(string name, IEnumerable<string> uses) => $"{name}: {string.Join(' ', uses.Order(StringComparer.Ordinal))}".TrimEnd();

    private static List<(string Name, string[] Uses)> Parse(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':'))
            .Select(parts => (parts[0].Trim(), parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))),
    ];
}

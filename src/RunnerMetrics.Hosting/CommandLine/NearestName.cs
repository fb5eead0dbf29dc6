namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Finds the name that was probably meant.</summary>
public static class NearestName
{
    /// <summary>The nearest of several names; null if none is near: where more than a third of the letters differ.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="names">The names.</param>
    public static string? Of(string text, IEnumerable<string> names)
    {
        var nearest = names.Select(name => (Name: name, Distance: Distance(text, name))).DefaultIfEmpty((Name: "", Distance: int.MaxValue)).MinBy(name => name.Distance);
        return nearest.Distance <= Math.Max(text.Length, nearest.Name.Length) / 3 ? nearest.Name : null;
    }

    // Levenshtein's: letters put in, left out and exchanged.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < to.Length; j++)
            {
                var exchanged = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(exchanged, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[^1];
    }
}

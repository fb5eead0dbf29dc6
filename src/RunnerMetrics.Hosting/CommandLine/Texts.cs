namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Words, and lists of them.</summary>
public static class Texts
{
    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    /// <summary>Any text.</summary>
    /// <param name="helpName">What help calls it.</param>
    public static ValueKind<string?> Any(string helpName) => new(helpName, static text => (text, null), static text => text!);

    /// <summary>One of several words, each with its meaning.</summary>
    /// <typeparam name="T">What the word means.</typeparam>
    /// <param name="helpName">What help calls it.</param>
    /// <param name="words">The words.</param>
    public static ValueKind<T> OneOf<T>(string helpName, params (string Word, T Meaning)[] words) => new(
        helpName,
        text => Array.FindIndex(words, word => word.Word == text) is >= 0 and var at
            ? (words[at].Meaning, null)
            : (default, $"is not one of {string.Join(", ", words.Select(word => word.Word))}."),
        meaning => Array.Find(words, word => EqualityComparer<T>.Default.Equals(word.Meaning, meaning)).Word);

    /// <summary>Several texts with commas between them; the option can be repeated as well.</summary>
    /// <param name="helpName">What help calls it.</param>
    public static ValueKind<IReadOnlyList<string>> List(string helpName) =>
        new(helpName, static text => (text.Split(',', Trimmed), null), static list => string.Join(',', list))
        { IsList = true };

    /// <summary>Several pairs, <c>gpu=chrome,arc-set=standard</c>; the option can be repeated as well. Keys are read in lower case.</summary>
    /// <param name="helpName">What help calls it.</param>
    /// <param name="example">Pairs that are right.</param>
    public static ValueKind<IReadOnlyDictionary<string, string>> Pairs(string helpName, string example) => new(
        helpName, text => ParsePairs(text, helpName, example), static pairs => string.Join(',', pairs.Select(pair => $"{pair.Key}={pair.Value}")))
    { IsList = true };

    private static (IReadOnlyDictionary<string, string>? Value, string? Problem) ParsePairs(string text, string helpName, string example)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', Trimmed))
        {
            if (pair.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } key, { Length: > 0 } value])
            {
                return (null, $"holds '{pair}', which is not {helpName}: give such as {example}.");
            }

            pairs[key.ToLowerInvariant()] = value;
        }

        return (pairs, null);
    }
}

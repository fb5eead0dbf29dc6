namespace RunnerMetrics.Domain.Names;

/// <summary>What the names have in common.</summary>
internal static class NameText
{
    private const int LongestShown = 40;

    /// <summary>A text as a message shows it.</summary>
    public static string Shorten(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";

    /// <summary>What is wrong with a text that has too many characters, or null.</summary>
    public static string? TooLong(string text, int most) => text.Length <= most ? null : $"has {text.Length} characters: at most {most} are allowed";
}

using System.Diagnostics.CodeAnalysis;

namespace RunnerMetrics.Domain.Names;

/// <summary>A commit's full hash, in lower case. It is judged once, where it comes in; the default value stands for a commit that is not known.</summary>
public readonly record struct CommitSha
{
    private const int Sha1Digits = 40, Sha256Digits = 64;

    private readonly string? _text;

    private CommitSha(string text) => _text = text.Length == 0 ? null : text.ToLowerInvariant();

    /// <summary>Whether there is a commit.</summary>
    public bool IsKnown => _text is not null;

    /// <summary>Judges a hash.</summary>
    /// <param name="text">40 hexadecimal digits (SHA-1), or 64 (SHA-256).</param>
    /// <param name="sha">The hash.</param>
    /// <param name="problem">What is wrong, and what would be right; it goes behind the name of the field.</param>
    public static bool TryParse(string text, out CommitSha sha, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        problem = text.Length is Sha1Digits or Sha256Digits && text.All(char.IsAsciiHexDigit) ? null
            : $"'{NameText.Shorten(text)}' is not a commit: give its full hash, or leave it out";
        sha = problem is null ? new CommitSha(text) : default;
        return problem is null;
    }

    /// <summary>A hash as it was kept: it is not judged again.</summary>
    public static CommitSha Kept(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text);
    }

    /// <summary>The hash, or an empty text.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>The hash, or an empty text.</summary>
    public static implicit operator string(CommitSha sha) => sha.ToString();
}

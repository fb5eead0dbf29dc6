using System.Diagnostics.CodeAnalysis;

namespace RunnerMetrics.Domain.Names;

/// <summary>A repository's name, <c>owner/name</c>. It is judged once, where it comes in; the default value stands for a repository that is not known.</summary>
/// <remarks>
/// A repository whose name must not appear is called <c>acme/~1f2e3d4c5b6a</c>, which no repository on GitHub can be. Its jobs count for their runner and are matched by that name, and it stands in no
/// label, exemplar or trace.
/// </remarks>
public readonly record struct RepositoryName
{
    /// <summary>The most characters; GitHub allows 39 for the owner and 100 for the name.</summary>
    public const int MaxLength = 1024;

    /// <summary>What begins the second half of a name that stands for an excluded repository.</summary>
    public const char ExcludedMarker = '~';

    private readonly string? _text;

    private RepositoryName(string text) => _text = text.Length == 0 ? null : text;

    /// <summary>Whether there is a name.</summary>
    public bool IsKnown => _text is not null;

    /// <summary>Whether the repository's own name must not appear.</summary>
    public bool IsExcluded => _text is { } text && text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash && slash + 1 < text.Length && text[slash + 1] == ExcludedMarker;

    /// <summary>The part before the slash; empty where the name is not known.</summary>
    public string Owner => ToString().Split('/')[0];

    /// <summary>The name in lower case: GitHub ignores case in it.</summary>
    public string Lower => ToString().ToLowerInvariant();

    /// <summary>Judges a name.</summary>
    /// <param name="text"><c>owner/name</c>, at most 1,024 characters.</param>
    /// <param name="name">The name.</param>
    /// <param name="problem">What is wrong, and what would be right; it goes behind the name of the field.</param>
    public static bool TryParse(string text, out RepositoryName name, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        problem = NameText.TooLong(text, MaxLength)
            ?? (text.Split('/') is [{ Length: > 0 }, { Length: > 0 }] ? null : $"'{NameText.Shorten(text)}' is not a repository: give owner/name");
        name = problem is null ? new RepositoryName(text) : default;
        return problem is null;
    }

    /// <summary>A name as it was kept, or as a job gives it: it is not judged again.</summary>
    /// <param name="text">The name; empty where it is not known.</param>
    public static RepositoryName Kept(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text);
    }

    /// <summary>The name, or an empty text.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>The name, or an empty text.</summary>
    public static implicit operator string(RepositoryName name) => name.ToString();
}

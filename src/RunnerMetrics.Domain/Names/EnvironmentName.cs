using System.Diagnostics.CodeAnalysis;

namespace RunnerMetrics.Domain.Names;

/// <summary>The name of an environment, such as <c>production</c>. It is judged once, where it comes in; the default value stands for none.</summary>
public readonly record struct EnvironmentName
{
    /// <summary>The most characters, which is GitHub's limit.</summary>
    public const int MaxLength = 255;

    private readonly string? _text;

    private EnvironmentName(string text) => _text = text.Length == 0 ? null : text;

    /// <summary>The name in lower case: GitHub ignores case in it.</summary>
    public string Lower => ToString().ToLowerInvariant();

    /// <summary>Judges a name.</summary>
    /// <param name="text">1 to 255 characters.</param>
    /// <param name="name">The name.</param>
    /// <param name="problem">What is wrong, and what would be right; it goes behind the name of the field.</param>
    public static bool TryParse(string text, out EnvironmentName name, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        problem = text.Length is > 0 and <= MaxLength ? null : $"has {text.Length} characters: give the environment's name, such as production, of at most {MaxLength}";
        name = problem is null ? new EnvironmentName(text) : default;
        return problem is null;
    }

    /// <summary>A name as it was kept: it is not judged again.</summary>
    public static EnvironmentName Kept(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text);
    }

    /// <summary>The name, or an empty text.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>The name, or an empty text.</summary>
    public static implicit operator string(EnvironmentName name) => name.ToString();
}

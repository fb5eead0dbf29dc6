using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Docs;

/// <summary>A Markdown file of the repository, as GitHub shows it: its links, the anchors of its headings, its blocks of code.</summary>
internal sealed partial class MarkdownFile
{
    private static readonly string[] NotOurs = ["node_modules", "bin", "obj", "out", ".git"];

    private MarkdownFile(string path)
    {
        Path = path;
        var (text, blocks) = ((List<string>)[], (List<CodeBlock>)[]);
        CodeBlock? open = null;
        foreach (var (line, number) in File.ReadAllLines(path).Select((line, i) => (line, i + 1)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                open = open is null ? new CodeBlock(line[3..].Trim(), number, []) : null;
                if (open is not null)
                {
                    blocks.Add(open);
                }
            }
            else if (open is not null)
            {
                open.Lines.Add(line);
            }
            else
            {
                text.Add(line);
            }
        }

        Blocks = blocks;
        Anchors = AnchorsOf(text);
        Links = [.. text.SelectMany(line => Link().Matches(InlineCode().Replace(line, "code"))).Select(match => match.Groups[1].Value)];
    }

    public string Path { get; }

    /// <summary>From the root of the repository.</summary>
    public string Name => System.IO.Path.GetRelativePath(RepositoryFolder.Path, Path);

    public IReadOnlyList<CodeBlock> Blocks { get; }

    public IReadOnlySet<string> Anchors { get; }

    /// <summary>Where links and pictures go, as it is written.</summary>
    public IReadOnlyList<string> Links { get; }

    public static MarkdownFile Read(string name) => new(System.IO.Path.Combine(RepositoryFolder.Path, name));

    /// <summary>Those of the repository, without what others wrote.</summary>
    public static IEnumerable<MarkdownFile> All() => Find(RepositoryFolder.Path).Select(path => new MarkdownFile(path));

    private static IEnumerable<string> Find(string folder) => Directory.EnumerateFiles(folder, "*.md")
        .Concat(Directory.EnumerateDirectories(folder).Where(sub => !NotOurs.Contains(System.IO.Path.GetFileName(sub))).SelectMany(Find));

    // As github.com makes them: in small letters, without punctuation, blanks as hyphens, and a number behind what comes again.
    private static HashSet<string> AnchorsOf(IEnumerable<string> lines)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in lines.Select(line => Heading().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value))
        {
            var plain = LinkText().Replace(heading, "$1").Replace("`", "", StringComparison.Ordinal);
            var anchor = new string([.. plain.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : char.ToLowerInvariant(c))]);
            for (var i = 0; !anchors.Add(i == 0 ? anchor : $"{anchor}-{i}"); i++)
            {
            }
        }

        return anchors;
    }

    /// <summary>A fenced block.</summary>
    /// <param name="Language">What stands behind its opening fence.</param>
    /// <param name="Line">The line of that fence, from 1.</param>
    /// <param name="Lines">What is in it.</param>
    internal sealed record CodeBlock(string Language, int Line, List<string> Lines);

    [GeneratedRegex(@"^#{1,6} (.+?)\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"\]\(([^)\s]+)(?: ""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();
}

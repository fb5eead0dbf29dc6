using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace RunnerMetrics.Architecture.Tests;

/// <summary>Which folders of a project there are, and which uses which: as the compiled code has it, method bodies included.</summary>
/// <remarks>A constant of another folder is not seen: the compiler leaves its value alone.</remarks>
internal sealed class CodeArrows
{
    /// <summary>The folder of what is in no folder: <c>Program</c> and what it is made of.</summary>
    public const string Root = "(root)";

    private readonly string _namespace;

    /// <param name="assembly">The project's assembly.</param>
    /// <param name="rootNamespace">Its root namespace.</param>
    public CodeArrows(string assembly, string rootNamespace)
    {
        _namespace = rootNamespace;
        var types = new ArchLoader().LoadAssembly(System.Reflection.Assembly.Load(assembly)).Build().Types
            .Select(type => (Type: type, Folder: FolderOf(type))).Where(type => type.Folder is not null).ToList();
        Folders = types.Select(type => type.Folder!).ToHashSet();
        Arrows = types.SelectMany(type => type.Type.Dependencies, (type, dependency) => (User: type, dependency.Target, Used: FolderOf(dependency.Target)))
            .Where(use => use.Used is not null && use.Used != use.User.Folder)
            .GroupBy(use => new Arrow(use.User.Folder!, use.Used!))
            .ToDictionary(uses => uses.Key, uses => $"{uses.First().User.Type.Name} uses {uses.First().Target.Name}, one of {uses.Count()} places");
    }

    public IReadOnlySet<string> Folders { get; }

    public IReadOnlyDictionary<Arrow, string> Arrows { get; }

    private string? FolderOf(IType type)
    {
        var name = type.Namespace?.FullName ?? "";
        return name == _namespace ? Root
            : name.StartsWith(_namespace + '.', StringComparison.Ordinal) ? name[(_namespace.Length + 1)..].Split('.')[0]
            : null;
    }
}

using YamlDotNet.RepresentationModel;

namespace RunnerMetrics.Testing;

/// <summary>A compose file as a list of what it says, a line for each word, in which two ways of saying one thing are one.</summary>
public sealed class ComposeText
{
    private readonly YamlMappingNode _root;

    private ComposeText(YamlMappingNode root) => _root = root;

    public static ComposeText Read(string yaml)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(yaml);
        stream.Load(reader);
        return new ComposeText((YamlMappingNode)stream.Documents[0].RootNode);
    }

    /// <summary>The value at a path of keys and indexes, such as <c>services.exporter.image</c>; null if there is none.</summary>
    public string? this[string path] => Flat(_root, "").FirstOrDefault(line => line.Path == path).Value;

    /// <summary>The keys under a path.</summary>
    public IReadOnlyList<string> KeysOf(string path) => Find(path) is YamlMappingNode found ? [.. found.Children.Keys.Select(TextOf)] : [];

    /// <summary>The words of a list, or the values of a mapping as <c>key=value</c>.</summary>
    public IReadOnlyList<string> ListOf(string path) => Find(path) switch
    {
        YamlSequenceNode list => [.. list.Children.Select(TextOf)],
        YamlMappingNode mapping => [.. mapping.Children.Select(pair => $"{TextOf(pair.Key)}={TextOf(pair.Value)}")],
        _ => [],
    };

    /// <summary>All of it, whatever the quotes and the order of keys.</summary>
    public IReadOnlyList<string> Whole() => [.. Flat(_root, "").Select(line => $"{line.Path}: {line.Value}").Order(StringComparer.Ordinal)];

    /// <summary>What an engine makes of it: short and long forms are one, and what says nothing is nothing.</summary>
    /// <param name="without">Paths that are left out.</param>
    public IReadOnlyList<string> Meaning(params string[] without) =>
        [.. Flat(_root, "").Select(Normal).OfType<(string Path, string Value)>().Where(line => !without.Contains(line.Path)).Select(line => $"{line.Path}: {line.Value}").Order(StringComparer.Ordinal)];

    private static (string Path, string Value)? Normal((string Path, string Value) line)
    {
        var keys = line.Path.Split('.');
        return keys switch
        {
            // A name and its source: tokens, or { source: tokens }.
            ["services", _, "secrets", _, "source"] => (string.Join('.', keys[..4]), line.Value),
            ["services", _, "deploy", "resources", "limits", "memory"] => ($"services.{keys[1]}.mem_limit", line.Value),
            ["services", _, "volumes", var i] when line.Value.Split(':') is [var source, var target] => ($"services.{keys[1]}.volumes.{i}", $"{source} on {target}"),
            ["services", _, "volumes", var i, "source"] => ($"services.{keys[1]}.volumes.{i}", $"{line.Value} on /data"),
            ["services", _, "volumes", _, "target"] when line.Value == "/data" => null,
            ["services", _, "volumes", _, "type"] when line.Value == "volume" => null,
            ["services", _, "volumes", _, "read_only"] when line.Value == "false" => null,
            _ => line,
        };
    }

    private static IEnumerable<(string Path, string Value)> Flat(YamlNode node, string path) => node switch
    {
        YamlMappingNode mapping => mapping.Children.SelectMany(pair => Flat(pair.Value, Join(path, TextOf(pair.Key)))),
        YamlSequenceNode list => list.Children.SelectMany((item, i) => Flat(item, Join(path, i.ToString(System.Globalization.CultureInfo.InvariantCulture)))),
        _ => [(path, TextOf(node))],
    };

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string TextOf(YamlNode node) => (node as YamlScalarNode)?.Value ?? node.ToString();

    private YamlNode? Find(string path)
    {
        YamlNode? node = _root;
        foreach (var key in path.Split('.'))
        {
            node = node switch
            {
                YamlMappingNode mapping => mapping.Children.FirstOrDefault(pair => TextOf(pair.Key) == key).Value,
                YamlSequenceNode list when int.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out var i) && i < list.Children.Count => list.Children[i],
                _ => null,
            };
        }

        return node;
    }
}

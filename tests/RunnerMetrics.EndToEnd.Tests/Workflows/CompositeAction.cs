using System.Diagnostics;
using System.Text.RegularExpressions;
using RunnerMetrics.Testing;
using YamlDotNet.RepresentationModel;

namespace RunnerMetrics.EndToEnd.Tests.Workflows;

/// <summary>
/// A composite action, run as the runner runs it: defaults of inputs, expressions in a step's <c>env</c>, and its script by <c>bash --noprofile --norc -eo pipefail</c>
/// (actions/runner, ScriptHandlerHelpers.cs).
/// </summary>
internal sealed partial class CompositeAction
{
    private readonly YamlMappingNode _root;
    private readonly string _folder;

    public CompositeAction(string folder)
    {
        _folder = folder;
        using var reader = new StreamReader(Path.Combine(folder, "action.yml"));
        var yaml = new YamlStream();
        yaml.Load(reader);
        _root = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    /// <summary>Runs every step.</summary>
    /// <param name="inputs">What <c>with</c> gives.</param>
    /// <param name="contexts">Values of expressions other than inputs: <c>job.status</c>.</param>
    /// <param name="environment">The runner's variables. Nothing else is inherited.</param>
    public async Task<ProcessRun> RunAsync(Dictionary<string, string> inputs, Dictionary<string, string> contexts, Dictionary<string, string> environment)
    {
        Assert.Equal("composite", Text(_root["runs"], "using"));
        var known = ((YamlMappingNode)_root["inputs"]).ToDictionary(input => Text(input.Key), input => (YamlMappingNode)input.Value);
        Assert.Subset(known.Keys.ToHashSet(), inputs.Keys.ToHashSet());
        var values = known.ToDictionary(
            input => $"inputs.{input.Key}",
            input => inputs.TryGetValue(input.Key, out var given) ? given : input.Value.Children.ContainsKey("default") ? Evaluate(Text(input.Value, "default"), contexts) : "");
        foreach (var (name, value) in contexts)
        {
            values[name] = value;
        }

        var last = new ProcessRun(0, "", "");
        foreach (var step in ((YamlSequenceNode)_root["runs"]["steps"]).Cast<YamlMappingNode>())
        {
            Assert.Equal("bash", Text(step, "shell"));
            last = await RunStepAsync(step, values, environment);
            if (last.ExitCode != 0)
            {
                break;
            }
        }

        return last;
    }

    private async Task<ProcessRun> RunStepAsync(YamlMappingNode step, Dictionary<string, string> values, Dictionary<string, string> environment)
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("step.sh", Evaluate(Text(step, "run"), values));
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-eo", "pipefail", script]);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (var variable in (YamlMappingNode)step["env"])
        {
            start.Environment[Text(variable.Key)] = Evaluate(Text(variable.Value), values);
        }

        start.Environment["GITHUB_ACTION_PATH"] = _folder;
        return await ProcessRun.RunAsync(start, TestContext.Current.CancellationToken);
    }

    private static string Evaluate(string text, Dictionary<string, string> values) => Expression().Replace(
        text, match => values.TryGetValue(match.Groups[1].Value, out var value) ? value : throw new InvalidOperationException($"Nobody gave a value for {match.Value}."));

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static string Text(YamlNode mapping, string key) => Text(mapping[key]);

    [GeneratedRegex(@"\$\{\{ ([a-z_.-]+) \}\}")]
    private static partial Regex Expression();
}

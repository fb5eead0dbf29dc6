namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The runner's settings, which its message listener prints as JSON before it asks for a session:
/// <c>  "GitHubUrl": "https://github.com/acme/shop",</c>.
/// </summary>
internal static class RunnerSettingsText
{
    public static ListenerLife Read(ListenerLife life, ReadOnlySpan<byte> line)
    {
        if (JsonText.Indent(line) != 2 || !JsonText.TryProperty(line[2..], out var key, out var value))
        {
            return life;
        }

        if (key.SequenceEqual("Ephemeral"u8))
        {
            return life with { Ephemeral = value.SequenceEqual("true"u8) };
        }

        if (key.SequenceEqual("AgentId"u8))
        {
            return life with { RunnerId = JsonText.Integer(value) };
        }

        if (key.SequenceEqual("AgentName"u8))
        {
            return JsonText.Unmasked(value) is { } name && RunnerSettings.IsName(name) ? life with { Name = name } : life;
        }

        return key.SequenceEqual("GitHubUrl"u8) && RunnerSettings.ScopeOf(JsonText.Unmasked(value)) is { Length: > 0 } scope ? life with { Scope = scope } : life;
    }
}

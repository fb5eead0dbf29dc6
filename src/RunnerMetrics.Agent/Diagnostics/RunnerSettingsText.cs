namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The runner's settings, which its message listener prints as JSON when it starts:
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

        return key.SequenceEqual("GitHubUrl"u8) && Uri.TryCreate(JsonText.Unmasked(value), UriKind.Absolute, out var url)
            ? life with { Scope = url.Authority + url.AbsolutePath.TrimEnd('/') }
            : life;
    }
}

using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// What the worker's log tells about a job in its <c>Job message:</c>, pretty-printed JSON of up to several megabytes, read line by line
/// by indentation (see <see cref="JsonText"/>). What is masked or missing stays null or 0.
/// </summary>
internal sealed class JobMessage
{
    private enum Context
    {
        None,
        GitHub,
        Job,
    }

    private bool _inContextData;
    private Context _context;
    private string? _key;

    public Guid? JobId { get; private set; }

    public string? Name { get; private set; }

    /// <summary>How many lines the name has if it is written raw; 0 if not known.</summary>
    public int NameLines { get; private set; }

    public string? ServerUrl { get; private set; }

    public string? Repository { get; private set; }

    public string? Workflow { get; private set; }

    public long RunId { get; private set; }

    public int RunAttempt { get; private set; }

    public long CheckRunId { get; private set; }

    public void Read(ReadOnlySpan<byte> line)
    {
        var indent = JsonText.Indent(line);
        if (indent is not (2 or 4 or 10) || !JsonText.TryProperty(line[indent..], out var key, out var value))
        {
            return;
        }

        switch (indent)
        {
            case 2:
                ReadTop(key, value);
                break;
            case 4 when _inContextData:
                _context = key.SequenceEqual("github"u8) ? Context.GitHub : key.SequenceEqual("job"u8) ? Context.Job : Context.None;
                _key = null;
                break;
            case 10 when _context != Context.None:
                ReadEntry(key, value);
                break;
        }
    }

    private void ReadTop(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _inContextData = key.SequenceEqual("contextData"u8);
        _context = Context.None;
        if (key.SequenceEqual("jobId"u8) && JobId is null && Guid.TryParse(JsonText.Unmasked(value), out var id))
        {
            JobId = id;
        }
        else if (key.SequenceEqual("jobDisplayName"u8) && NameLines == 0 && JsonText.String(value) is { } name)
        {
            NameLines = name.AsSpan().Count('\n') + 1;
            Name = name.Contains("***", StringComparison.Ordinal) ? null : name;
        }
    }

    // "k": "repository"
    // "v": "acme/shop"
    private void ReadEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("k"u8))
        {
            _key = value.Length < 64 ? Encoding.UTF8.GetString(value.Trim((byte)'"')) : null;
            return;
        }

        if (!key.SequenceEqual("v"u8))
        {
            return;
        }

        switch (_context, _key)
        {
            case (Context.GitHub, "repository"):
                Repository ??= JsonText.Unmasked(value);
                break;
            case (Context.GitHub, "workflow"):
                Workflow ??= JsonText.Unmasked(value);
                break;
            case (Context.GitHub, "server_url"):
                ServerUrl ??= JsonText.Unmasked(value);
                break;
            case (Context.GitHub, "run_id"):
                RunId = JsonText.Integer(value);
                break;
            case (Context.GitHub, "run_attempt"):
                RunAttempt = (int)Math.Min(JsonText.Integer(value), int.MaxValue);
                break;
            case (Context.Job, "check_run_id"):
                CheckRunId = JsonText.Integer(value);
                break;
        }

        _key = null;
    }
}

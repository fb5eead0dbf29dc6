using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The listener's line about a received job, before it writes the job's name:
/// <c>Job request 1795220563 for plan efeaf237-519d-4e65-8ae5-bcb735792bd7 job 90b69cf1-f6e8-4a31-815d-fbe617526504 received.</c>
/// </summary>
internal sealed class JobRequest
{
    private readonly byte[] _nameEnd;

    private JobRequest(long number, Guid job)
    {
        Job = job;
        _nameEnd = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Start renew job request {number} for job {job}."));
    }

    public Guid Job { get; }

    /// <summary>What JobDispatcher writes next after the job's name.</summary>
    public ReadOnlySpan<byte> NameEnd => _nameEnd;

    public static JobRequest? Parse(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("Job request "u8) || !text.EndsWith(" received."u8))
        {
            return null;
        }

        text = text["Job request "u8.Length..];
        var job = text.LastIndexOf(" job "u8);
        return Utf8Parser.TryParse(text, out long number, out var used) && text[used..].StartsWith(" for plan "u8)
            && job > 0 && Utf8Parser.TryParse(text[(job + 5)..], out Guid id, out _)
            ? new JobRequest(number, id)
            : null;
    }
}

using System.Text;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>The pages of a log in memory.</summary>
internal sealed class MemoryLog(params (string Name, string Content)[] pages)
{
    public List<(string Name, byte[] Content)> Pages { get; } = [.. pages.Select(page => (page.Name, Encoding.UTF8.GetBytes(page.Content)))];

    public void Append(string name, byte[] content) => Pages.Add((name, content));
}

using System.Text;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.AutomationWorker.Watching;

namespace RunnerMetrics.AutomationWorker.Explaining;

/// <summary>Asks an API what may be behind failing tests: the first that answers, of those that have a key and do not ask to be left alone.</summary>
internal sealed class Explainer(IReadOnlyList<ChatApi> apis) : IDisposable
{
    private const int MaxTests = 5;
    private const int MaxMessage = 800;

    public IEnumerable<string> Apis => apis.Select(api => api.Name);

    /// <summary>What may be behind it, or null if no API says.</summary>
    /// <exception cref="IOException">A key cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<string?> ExplainAsync(IReadOnlyList<FailedTest> failures, TestWatcherMetrics metrics, CancellationToken cancelled)
    {
        var question = Ask(failures);
        foreach (var api in apis.Where(api => !api.IsResting))
        {
            var (end, text) = await api.AskAsync(question, cancelled);
            metrics.RecordApiCall(api.Name, end);
            if (text is not null)
            {
                return text;
            }

            metrics.RecordError(TestWatcherErrors.Api);
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var api in apis)
        {
            api.Dispose();
        }
    }

    private static string Ask(IReadOnlyList<FailedTest> failures)
    {
        var question = new StringBuilder("These tests fail. Say in three sentences what is the likeliest cause, and where to look first.\n");
        foreach (var (name, message) in failures.Take(MaxTests))
        {
            question.Append("\nTest: ").Append(name).Append('\n').Append(message.Length > MaxMessage ? message[..MaxMessage] : message).Append('\n');
        }

        return question.ToString();
    }
}

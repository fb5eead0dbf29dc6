using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Benchmarks;

/// <summary>Ends of jobs as agents send them, each with its place among its sender's events; the runners are a hundred.</summary>
internal sealed class EventBatches
{
    private static long _jobs;
    private static long _senders;

    private readonly string _sender = string.Create(CultureInfo.InvariantCulture, $"bench-{Environment.ProcessId}-{Interlocked.Increment(ref _senders)}");
    private ulong _sequence;

    public ReportEventsRequest Next(int size)
    {
        var now = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        var request = new ReportEventsRequest { SentAt = now, SenderId = _sender };
        for (var i = 0; i < size; i++)
        {
            var number = Interlocked.Increment(ref _jobs);
            var key = string.Create(CultureInfo.InvariantCulture, $"{number:x32}");
            request.Events.Add(new Event
            {
                EventId = key + "-completed",
                Sequence = ++_sequence,
                OccurredAt = now,
                Runner = new Runner { Name = $"bench-{number % 100}", Type = "standard", Version = "2.336.0", InstanceId = "life", Scope = "github.com/acme" },
                JobCompleted = new JobCompleted
                {
                    Job = new Job { JobKey = key, Repository = "acme/shop", Workflow = "CI", Name = "build", RunId = number, RunAttempt = 1, CheckRunId = number },
                    Conclusion = JobCompleted.Types.Conclusion.Success,
                    StartedAt = now,
                    CompletedAt = now,
                },
            });
        }

        return request;
    }
}

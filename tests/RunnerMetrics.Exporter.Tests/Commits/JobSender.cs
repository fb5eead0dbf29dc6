using Grpc.Core;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>Sends jobs in batches, again and again until they are acknowledged, and remembers what it was told.</summary>
internal sealed class JobSender(string name, bool hasSequence, int seed)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(5);

    private readonly Random _random = new(seed);
    private int _next;

    public string Name { get; } = name;

    public HashSet<int> Acknowledged { get; } = [];

    public HashSet<int> Sent { get; } = [];

    /// <summary>How many batches were answered.</summary>
    public int Answers { get; private set; }

    /// <summary>Why a batch was not answered, the last time.</summary>
    public string LastFailure { get; private set; } = "none";

    /// <summary>How many jobs it may have begun by now; past that it sends old ones again.</summary>
    public int Allowed { get; set; } = int.MaxValue;

    public bool IsDone => _next >= Allowed;

    /// <summary>Sends until it is told to stop.</summary>
    /// <param name="channel">Waits for an exporter to send to.</param>
    /// <param name="stop">Ends it, between two batches.</param>
    public async Task RunAsync(Func<Task<GrpcChannel>> channel, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var jobs = Choose();

            // Now and then a sender dies with what it sent: that may be counted or not, but not twice.
            var givesUp = _random.Next(20) == 0;
            while (!await TrySendAsync(await channel(), jobs) && !givesUp && !stop.IsCancellationRequested)
            {
                // As often as it takes, and never so often that nothing else gets on.
                await Task.Delay(BetweenTries, CancellationToken.None);
            }
        }
    }

    /// <summary>Sends some jobs once.</summary>
    /// <returns>Whether they were acknowledged.</returns>
    public async Task<bool> TrySendAsync(GrpcChannel channel, IReadOnlyCollection<int> jobs)
    {
        var batch = AgentEvents.Batch(AgentEvents.Now, jobs.Select(job => SingleJobs.Of(Name, job, hasSequence)));
        batch.SenderId = hasSequence ? Name : "";
        Sent.UnionWith(jobs);
        ReportEventsResponse response;
        try
        {
            // As an agent does: a call whose answer does not come is given up, and made again.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(RunningExporter.Cancelled);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            response = await new JobEventCollector.JobEventCollectorClient(channel).ReportEventsAsync(batch, cancellationToken: limit.Token);
        }
        catch (Exception e) when (e is RpcException or ObjectDisposedException)
        {
            LastFailure = e.Message;
            return false;
        }

        Assert.All(response.Results, result => Assert.True(result.Outcome is Outcome.Accepted or Outcome.Duplicate, result.ToString()));
        Assert.Equal(jobs.Count, response.Results.Count);
        Acknowledged.UnionWith(jobs);
        Answers++;
        return true;
    }

    private int[] Choose()
    {
        var size = _random.Next(1, 20);
        if (IsDone || (_next > 0 && _random.Next(4) == 0))
        {
            return [.. Enumerable.Range(0, size).Select(_ => _random.Next(_next)).Distinct()];
        }

        var first = _next;
        _next += size;
        return [.. Enumerable.Range(first, size)];
    }
}

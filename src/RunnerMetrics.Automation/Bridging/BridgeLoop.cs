using System.Collections.Concurrent;

namespace RunnerMetrics.Automation.Bridging;

/// <summary>
/// One thread that runs asynchronous code, piece by piece: its synchronisation context brings every continuation back to it. It ends once it is told
/// to and none of its work is left.
/// </summary>
internal sealed class BridgeLoop : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];
    private readonly BridgeMetrics _metrics;
    private int _work = 1; // 1 stands for the loop itself, until it is told to end

    public BridgeLoop(BridgeMetrics metrics, int number)
    {
        _metrics = metrics;
        metrics.Loops.Add(1);
        new Thread(Run) { IsBackground = true, Name = $"async bridge {number}" }.Start();
    }

    /// <summary>Pieces of work that it holds; the loop itself counts as one.</summary>
    public int Work => Volatile.Read(ref _work);

    /// <summary>Says that a piece of work is the loop's, unless it has ended already.</summary>
    public bool TryBeginWork()
    {
        for (var work = Work; work > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _work, work + 1, work);
            if (seen == work)
            {
                return true;
            }

            work = seen;
        }

        return false;
    }

    /// <summary>Says that a piece of work, or the loop itself, is done.</summary>
    public void EndWork()
    {
        if (Interlocked.Decrement(ref _work) == 0)
        {
            _queue.CompleteAdding();
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _queue.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The loop has ended: what comes back to it now belongs to no call (work that the work itself left running).
            ThreadPool.QueueUserWorkItem(static item => item.Callback(item.State), (Callback: d, State: state), preferLocal: false);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Do not wait for a loop of the bridge: post to it instead.");

    public override SynchronizationContext CreateCopy() => this;

    private void Run()
    {
        SetSynchronizationContext(this);
        foreach (var (callback, state) in _queue.GetConsumingEnumerable())
        {
            callback(state);
        }

        _queue.Dispose();
        _metrics.Loops.Add(-1);
    }
}

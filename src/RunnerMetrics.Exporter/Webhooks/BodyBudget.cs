using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>
/// The memory of all bodies whose signature could not be checked yet, together. When it is used up, the latest and the proven senders go first, and take
/// the place of those that have not filled a block for a second: an unauthenticated sender that is slow, or sends all but the last byte, holds nothing that a fast sender needs.
/// </summary>
/// <param name="bytes">How much there is.</param>
/// <param name="time">Decides who is slow, and who has waited for long enough.</param>
internal sealed class BodyBudget(long bytes, TimeProvider time) : IDisposable
{
    /// <summary>Memory is handed out in blocks of so many bytes.</summary>
    public const int BlockSize = 16 * 1024;

    /// <summary>How long a body waits for memory before its sender is told to deliver again; GitHub waits for 10 seconds in all.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>A body that has not filled a block for so long loses its place to one that could.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);

    private const int SpareBlocks = 64;
    private const int MostAtOnce = 128;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly ProvenSenders _proven = new();
    private readonly List<UnverifiedBody> _bodies = [];
    private readonly List<Waiter> _waiting = [];
    private readonly Stack<byte[]> _spare = new();
    private ITimer? _looks;
    private long _opened;
    private long _free = bytes / BlockSize;

    /// <summary>How many bytes no body holds.</summary>
    public long Free
    {
        get
        {
            lock (_gate)
            {
                return _free * BlockSize;
            }
        }
    }

    /// <summary>How many bodies wait for memory.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>A place for a body that is about to be read.</summary>
    /// <param name="sender">Where it comes from.</param>
    /// <param name="length">Its length, if it is given.</param>
    public UnverifiedBody Open(IPAddress? sender, long? length)
    {
        lock (_gate)
        {
            var body = new UnverifiedBody(this, sender, length, _proven.Contains(sender)) { Number = ++_opened, ProgressAt = time.GetTimestamp() };
            _bodies.Add(body);
            return body;
        }
    }

    /// <summary>Notes who signs what it sends.</summary>
    public void Prove(UnverifiedBody body)
    {
        lock (_gate)
        {
            _proven.Add(body.Sender);
        }
    }

    /// <summary>A block, at once or when there is one; null if the body lost its place, or waited in vain.</summary>
    public async ValueTask<byte[]?> TakeAsync(UnverifiedBody body, CancellationToken cancelled)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (body.HasLost)
            {
                return null;
            }

            if (_free > 0 || body.Reserved.Count > 0)
            {
                return Hand(body);
            }

            waiter = new Waiter(body, time.GetTimestamp());
            _waiting.Add(waiter);
            _looks ??= time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _looks.Change(BetweenLooks, BetweenLooks);
        }

        await using var registration = cancelled.UnsafeRegister(_ => GiveUp(waiter), null);
        return await waiter.Block.Task;
    }

    /// <summary>The body was read to its end: it holds what it has until it is closed, and can lose no place.</summary>
    public void Settle(UnverifiedBody body)
    {
        lock (_gate)
        {
            _bodies.Remove(body);
        }
    }

    /// <summary>Gives back what a body held, to those who wait first.</summary>
    public void Close(UnverifiedBody body, List<byte[]> blocks)
    {
        lock (_gate)
        {
            _bodies.Remove(body);
            TakeBack(blocks);
            TakeBack(body.Reserved);
            while (_free > 0 && First() is { } waiter)
            {
                _waiting.Remove(waiter);
                Reserve(waiter.Body);
                waiter.Block.TrySetResult(Hand(waiter.Body));
            }
        }
    }

    public void Dispose() => _looks?.Dispose();

    // Proven senders first, then the latest: an early body in a flood has been given up by its sender, or is part of the flood.
    private Waiter? First() => _waiting.MaxBy(waiter => (waiter.Body.IsProven, waiter.Body.Number));

    private byte[] Hand(UnverifiedBody body)
    {
        body.ProgressAt = time.GetTimestamp();
        return body.Reserved.TryPop(out var reserved) ? reserved : Allocate(body);
    }

    // One that is done soon is worth more than many that are not: the first one gets all it needs, not one block in turn with the others.
    private void Reserve(UnverifiedBody body)
    {
        for (var lacks = Lacks(body); lacks > 0 && _free > 0; lacks--)
        {
            body.Reserved.Push(Allocate(body));
        }
    }

    private static long Lacks(UnverifiedBody body) => Math.Clamp(((body.Length ?? 0) / BlockSize) + 1 - body.Held, 1, MostAtOnce);

    private byte[] Allocate(UnverifiedBody body)
    {
        _free--;
        body.Held++;
        return _spare.TryPop(out var block) ? block : GC.AllocateUninitializedArray<byte>(BlockSize);
    }

    private void TakeBack(IReadOnlyCollection<byte[]> blocks)
    {
        _free += blocks.Count;
        foreach (var block in blocks.Take(SpareBlocks - _spare.Count))
        {
            _spare.Push(block);
        }
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            _waiting.Remove(waiter);
            waiter.Block.TrySetResult(null);
        }
    }

    private void Look()
    {
        List<UnverifiedBody> lost = [];
        lock (_gate)
        {
            foreach (var waiter in _waiting.Where(waiter => time.GetElapsedTime(waiter.Since) >= LongestWait).ToArray())
            {
                _waiting.Remove(waiter);
                waiter.Block.TrySetResult(null);
            }

            while (First() is { } next && TryFindSlowest(next.Body, out var slowest))
            {
                slowest.HasLost = true;
                lost.Add(slowest);
                if (_waiting.Find(waiter => waiter.Body == slowest) is { } waiting)
                {
                    _waiting.Remove(waiting);
                    waiting.Block.TrySetResult(null);
                }
            }

            if (_waiting.Count == 0)
            {
                _looks?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        // Outside the gate: the reader may continue at once on this thread, and close it.
        lost.ForEach(body => body.Lose());
    }

    // Enough for what the first one lacks, and a block for each who waits, with what those hold who have lost their place and not yet left it.
    private bool TryFindSlowest(UnverifiedBody forWhom, [NotNullWhen(true)] out UnverifiedBody? slowest)
    {
        slowest = _bodies.Where(body => body.HasLost).Sum(body => body.Held) >= Math.Max(Lacks(forWhom), _waiting.Count)
            ? null
            : _bodies.Where(body => body != forWhom && !body.HasLost && body.Held > 0 && time.GetElapsedTime(body.ProgressAt) >= SlowAfter && (forWhom.IsProven || !body.IsProven))
                .MinBy(body => (body.IsProven, body.ProgressAt));
        return slowest is not null;
    }

    private sealed record Waiter(UnverifiedBody Body, long Since)
    {
        public TaskCompletionSource<byte[]?> Block { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

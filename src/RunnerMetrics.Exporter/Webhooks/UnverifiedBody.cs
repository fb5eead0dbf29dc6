using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>The raw bytes of a request, in blocks of the budget that all such bodies share.</summary>
internal sealed class UnverifiedBody(BodyBudget budget, IPAddress? sender, long? length, bool isProven) : IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly List<byte[]> _blocks = [];
    private int _inLast = BodyBudget.BlockSize;

    /// <summary>What came of reading a body.</summary>
    public enum Outcome
    {
        /// <summary>It is there to its end.</summary>
        Whole,

        /// <summary>It is longer than is allowed.</summary>
        TooLarge,

        /// <summary>There is no memory for it, or others needed what it held.</summary>
        NoRoom,
    }

    /// <summary>Later bodies have higher numbers.</summary>
    public required long Number { get; init; }

    public IPAddress? Sender => sender;

    /// <summary>Whether a signed delivery came from its sender before.</summary>
    public bool IsProven => isProven;

    /// <summary>How long it says that it is.</summary>
    public long? Length => length;

    /// <summary>The budget's: how many blocks it was given.</summary>
    public int Held { get; set; }

    /// <summary>The budget's: those of them that it has not asked for yet.</summary>
    public Stack<byte[]> Reserved { get; } = [];

    /// <summary>The budget's: when it was opened, or last given a block.</summary>
    public long ProgressAt { get; set; }

    /// <summary>The budget's: it lost its place to another.</summary>
    public bool HasLost { get; set; }

    /// <summary>What was read.</summary>
    public ReadOnlySequence<byte> Bytes
    {
        get
        {
            if (_blocks.Count == 0)
            {
                return ReadOnlySequence<byte>.Empty;
            }

            var first = new Segment(_blocks[0].AsMemory(0, _blocks.Count == 1 ? _inLast : BodyBudget.BlockSize), null);
            var last = first;
            for (var i = 1; i < _blocks.Count; i++)
            {
                last = new Segment(_blocks[i].AsMemory(0, i == _blocks.Count - 1 ? _inLast : BodyBudget.BlockSize), last);
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }

    private long Read => _blocks.Count == 0 ? 0 : ((_blocks.Count - 1L) * BodyBudget.BlockSize) + _inLast;

    /// <summary>Reads a body. It takes room as the bytes come: a length that is only claimed takes none.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancelled"/> says so.</exception>
    public async Task<Outcome> ReadAsync(PipeReader reader, int limit, CancellationToken cancelled)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, _lost.Token);

        // A read that its token cancels would leave Kestrel unable to read the rest, and it says so in the log.
        await using var registration = either.Token.UnsafeRegister(_ => reader.CancelPendingRead(), null);
        for (var isOver = false; !isOver;)
        {
            var result = await reader.ReadAsync(CancellationToken.None);
            var rest = result.Buffer;
            try
            {
                while (!rest.IsEmpty && !either.IsCancellationRequested)
                {
                    if (_inLast == BodyBudget.BlockSize && !await TryGrowAsync(either.Token))
                    {
                        break;
                    }

                    rest = Keep(rest);
                }
            }
            finally
            {
                reader.AdvanceTo(rest.Start);
            }

            cancelled.ThrowIfCancellationRequested();
            if (!rest.IsEmpty || either.IsCancellationRequested)
            {
                return Outcome.NoRoom;
            }

            if (Read > limit)
            {
                return Outcome.TooLarge;
            }

            isOver = result.IsCompleted;
        }

        budget.Settle(this);
        return Outcome.Whole;
    }

    /// <summary>Stops reading: others need what it holds.</summary>
    public void Lose()
    {
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
    }

    public void Dispose()
    {
        budget.Close(this, _blocks);
        _blocks.Clear();
        _lost.Dispose();
    }

    private async ValueTask<bool> TryGrowAsync(CancellationToken cancelled)
    {
        if (await budget.TakeAsync(this, cancelled) is not { } block)
        {
            return false;
        }

        _blocks.Add(block);
        _inLast = 0;
        return true;
    }

    // Into the last block; what does not fit is left.
    private ReadOnlySequence<byte> Keep(ReadOnlySequence<byte> bytes)
    {
        var fits = bytes.Slice(0, Math.Min(bytes.Length, BodyBudget.BlockSize - _inLast));
        fits.CopyTo(_blocks[^1].AsSpan(_inLast));
        _inLast += (int)fits.Length;
        return bytes.Slice(fits.End);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}

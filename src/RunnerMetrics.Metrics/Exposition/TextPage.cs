using System.Buffers;
using System.Runtime.InteropServices;

namespace RunnerMetrics.Metrics.Exposition;

/// <summary>
/// A piece of finished text that never changes, outside the managed heap (megabytes of it would otherwise be the garbage collector's
/// to keep and move), freed when the last scrape that sends it is done.
/// </summary>
internal sealed unsafe class TextPage : MemoryManager<byte>
{
    private static long _live;

    private byte* _start;
    private int _references = 1;

    public TextPage(ReadOnlySpan<byte> text)
    {
        Length = text.Length;
        _start = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, text.Length));
        text.CopyTo(new Span<byte>(_start, text.Length));
        Interlocked.Increment(ref _live);
    }

    /// <summary>How many pages of the process are not freed yet.</summary>
    public static long Live => Interlocked.Read(ref _live);

    public int Length { get; }

    /// <summary>Adds a reference; only called by an owner of one.</summary>
    public void Acquire() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            NativeMemory.Free(_start);
            _start = null;
            Interlocked.Decrement(ref _live);
        }
    }

    public override Span<byte> GetSpan() => new(_start, Length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => Release();
}

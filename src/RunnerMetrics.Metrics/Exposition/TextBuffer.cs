using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace RunnerMetrics.Metrics.Exposition;

/// <summary>
/// A growing buffer of UTF-8 text outside the managed heap, written to without a check a byte: make room once a line with
/// <see cref="Reserve"/>, then write.
/// </summary>
internal sealed unsafe class TextBuffer : IDisposable
{
    private byte* _start;
    private int _capacity;
    private int _length;

    public TextBuffer(int capacity = 64 * 1024)
    {
        _start = (byte*)NativeMemory.Alloc((nuint)capacity);
        _capacity = capacity;
    }

    ~TextBuffer() => NativeMemory.Free(_start);

    public ReadOnlySpan<byte> Written => new(_start, _length);

    public void Clear() => _length = 0;

    /// <summary>Makes room for this many bytes behind what is written.</summary>
    public void Reserve(int bytes)
    {
        if (_capacity - _length < bytes)
        {
            _capacity = checked(Math.Max(_capacity * 2, _length + bytes));
            _start = (byte*)NativeMemory.Realloc(_start, (nuint)_capacity);
        }
    }

    public void WriteReserved(byte value) => _start[_length++] = value;

    public void WriteReserved(ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(_start + _length, _capacity - _length));
        _length += text.Length;
    }

    public void WriteReserved(long value)
    {
        Utf8Formatter.TryFormat(value, Room, out var written);
        _length += written;
    }

    /// <summary>Writes the shortest text that reads back as the same number; whole numbers without a fraction, as Go's clients do.</summary>
    public void WriteReserved(double value)
    {
        if (value == Math.Truncate(value) && Math.Abs(value) < 1e15)
        {
            WriteReserved((long)value);
        }
        else if (double.IsNaN(value))
        {
            WriteReserved("NaN"u8);
        }
        else if (double.IsInfinity(value))
        {
            WriteReserved(value > 0 ? "+Inf"u8 : "-Inf"u8);
        }
        else
        {
            Utf8Formatter.TryFormat(value, Room, out var written, new StandardFormat('G'));
            _length += written;
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_start);
        _start = null;
        _capacity = _length = 0;
        GC.SuppressFinalize(this);
    }

    private Span<byte> Room => new(_start + _length, _capacity - _length);
}

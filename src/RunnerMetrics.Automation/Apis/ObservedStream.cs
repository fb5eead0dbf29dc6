namespace RunnerMetrics.Automation.Apis;

/// <summary>Passes a body on, and inspects it. A read that takes longer than the call's time-out ends the call.</summary>
internal sealed class ObservedStream(Stream inner, BodyWatch watch) : Stream
{
    private readonly CancellationTokenSource _limit = new(Timeout.InfiniteTimeSpan, watch.Call.Time);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Seen(buffer, inner.Read(buffer));
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            watch.Call.Fail(e, CancellationToken.None);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var given = cancellationToken.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit);
        _limit.CancelAfter(watch.Call.Timeout);
        try
        {
            var read = await inner.ReadAsync(buffer, _limit.Token);
            return Seen(buffer.Span, read);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            if (watch.Call.Fail(e, cancellationToken) == ApiCallEnd.Timeout)
            {
                throw watch.Call.TimedOut(e);
            }

            throw;
        }
        finally
        {
            _limit.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            watch.Abandon();
            inner.Dispose();
            _limit.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Seen(Span<byte> buffer, int read)
    {
        if (read > 0)
        {
            watch.Read(buffer[..read]);
        }
        else if (buffer.Length > 0)
        {
            watch.End();
        }

        return read;
    }
}

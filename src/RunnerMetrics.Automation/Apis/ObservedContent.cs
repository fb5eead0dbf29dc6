using System.Net;

namespace RunnerMetrics.Automation.Apis;

/// <summary>A response body that is inspected while it is read.</summary>
internal sealed class ObservedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly BodyWatch _watch;

    public ObservedContent(HttpContent inner, ObservedCall call)
    {
        _inner = inner;
        _watch = new BodyWatch(call, inner.Headers);
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new ObservedStream(await _inner.ReadAsStreamAsync(cancellationToken), _watch);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new ObservedStream(_inner.ReadAsStream(cancellationToken), _watch);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var body = await CreateContentReadStreamAsync(cancellationToken);
        await body.CopyToAsync(stream, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var body = CreateContentReadStream(cancellationToken);
        body.CopyTo(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _watch.Abandon();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

using System.Net.Http.Headers;

namespace RunnerMetrics.Automation.Apis;

/// <summary>Inspects the body of a successful response as it is read.</summary>
internal sealed class BodyWatch
{
    private readonly ObservedCall _call;
    private readonly JsonWatch? _json;
    private readonly EventStreamWatch? _events;

    public BodyWatch(ObservedCall call, HttpContentHeaders headers)
    {
        _call = call;
        var type = headers.ContentType?.MediaType ?? "";
        if (headers.ContentEncoding.Count > 0)
        {
            return; // compressed: what is inside is not known
        }

        if (type.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            _events = new EventStreamWatch();
        }
        else if (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        {
            _json = new JsonWatch();
        }
    }

    public ObservedCall Call => _call;

    public void Read(ReadOnlySpan<byte> part)
    {
        _json?.Read(part);
        _events?.Read(part);
    }

    /// <summary>The body was read to its end.</summary>
    public void End()
    {
        _events?.End();
        var isBroken = _json is { IsWhole: false } || _events is { IsBroken: true };
        _call.End(isBroken ? ApiCallEnd.InvalidResponse : ApiCallEnd.Success, isBroken ? null : _json?.Usage ?? _events?.Usage);
    }

    /// <summary>Reading has stopped. A response that is known to be complete needs no more reading: clients stop at <c>[DONE]</c>.</summary>
    public void Abandon()
    {
        if (_json is { IsWhole: true } || _events is { IsDone: true })
        {
            End();
        }
        else
        {
            _call.End(ApiCallEnd.Cancelled);
        }
    }
}

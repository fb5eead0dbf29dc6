using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>
/// Makes activities of spans. .NET chooses an activity's ids, and has no way to choose them oneself (docs/decisions/0010-runs-as-traces.md): they are written into its fields once it has started, before
/// anything has read them.
/// </summary>
internal static class RunActivity
{
    public const string SourceName = "RunnerMetrics.Runs";

    /// <summary>The conventions that the names of the attributes are of.</summary>
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.44.0";

    /// <summary>Starts and ends an activity.</summary>
    public static void Record(ActivitySource source, RunSpan span)
    {
        var isRoot = span.ParentId.Length == 0;
        var parent = isRoot ? default : new ActivityContext(ActivityTraceId.CreateFromString(span.TraceId), ActivitySpanId.CreateFromString(span.ParentId), ActivityTraceFlags.Recorded);
        Activity.Current = null;
        using var activity = source.StartActivity(
            span.Name, isRoot ? ActivityKind.Server : ActivityKind.Internal, parent, span.Attributes, span.Previous is { } previous ? [previous] : [], span.From);
        if (activity is null)
        {
            return;
        }

        SpanIdOf(activity) = span.Id;
        TraceIdOf(activity) = span.TraceId;

        // Of a trace that .NET began it says that its id is random (https://www.w3.org/TR/trace-context-2/#random-trace-id-flag): this one is computed.
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        if (span.Error is { } error)
        {
            activity.SetStatus(ActivityStatusCode.Error, error);
        }

        activity.SetEndTime((span.To < span.From ? span.From : span.To).UtcDateTime);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanIdOf(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_traceId")]
    private static extern ref string? TraceIdOf(Activity activity);
}

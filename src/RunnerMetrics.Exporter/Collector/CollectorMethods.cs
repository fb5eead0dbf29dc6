using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>The methods of the service that job_events.proto describes.</summary>
internal static class CollectorMethods
{
    public const string Service = "runnermetrics.v1.JobEventCollector";

    public static GrpcMethod<ReportEventsRequest, ReportEventsResponse> ReportEvents { get; } =
        new(Service, "ReportEvents", ReportEventsRequest.Parser, ReportEventsResponse.Parser);
}

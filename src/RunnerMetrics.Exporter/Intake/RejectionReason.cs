namespace RunnerMetrics.Exporter.Intake;

/// <summary>Why an event was rejected, as it is counted.</summary>
internal enum RejectionReason
{
    Malformed,
    TooOld,
    InFuture,
    Unauthenticated,
    TooLarge,
    MediaType,
    Overloaded,
    ExcludedRepository,
}

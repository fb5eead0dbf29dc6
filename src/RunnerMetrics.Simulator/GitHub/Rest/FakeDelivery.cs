namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>One try to deliver a webhook, as <c>…/deliveries</c> lists it.</summary>
/// <param name="Id">The try's id.</param>
/// <param name="DeliveryGuid"><c>X-GitHub-Delivery</c>: the same for all tries.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Payload">What was sent.</param>
/// <param name="DeliveredAt">When.</param>
/// <param name="IsRedelivery">Whether somebody asked for it.</param>
/// <param name="Status"><c>OK</c>, or why not: <c>failed to connect to host</c>, <c>timed out</c>, <c>Invalid HTTP Response: 503</c>.</param>
/// <param name="StatusCode">The answer's status; 0 where there was none.</param>
public sealed record FakeDelivery(long Id, string DeliveryGuid, string Event, string Payload, DateTimeOffset DeliveredAt, bool IsRedelivery, string Status, int StatusCode);

using System.Security.Cryptography;
using System.Text;
using RunnerMetrics.Exporter.Intake;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>A caller with one of the tokens: what it allows, and its remaining budget.</summary>
/// <param name="Grant">What it allows.</param>
/// <param name="Budget">What it may send.</param>
internal sealed record TokenHolder(TokenGrant Grant, TokenBudget Budget)
{
    /// <summary>Notes on a call whose it is.</summary>
    public void Mark(HttpContext context) => context.Items[typeof(TokenHolder)] = this;

    /// <summary>Whose a call is; null if no token is asked for.</summary>
    public static TokenHolder? Of(HttpContext context) => context.Items[typeof(TokenHolder)] as TokenHolder;

    /// <summary>
    /// The sender under which its sequences are kept: a token for some runners only cannot settle the sequences of a sender that it does not allow. Tokens of the same
    /// words are one here, so that a new token continues where the old one was.
    /// </summary>
    public string SenderOf(string senderId) => Grant.Text.Length == 0 || senderId.Length == 0
        ? senderId
        : $"{senderId}@{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Grant.Text)).AsSpan(0, 8))}";

    /// <summary>An event that is not taken now, with the reason; null if it is taken.</summary>
    public EventReading? Refuse(EventReading reading) => !Budget.TryTakeEvent() ? EventReading.Deferred(Budget.EventsRefusal, isBeyondBudget: true)
        : Grant.Refuse(reading) is { } reason ? EventReading.Deferred(reason, isBeyondBudget: false)
        : null;
}

namespace RunnerMetrics.Agent.Doctor;

/// <summary>One line of the doctor's: what was looked at, and what was found; of a problem, what to do about it as well.</summary>
internal sealed record Finding(bool IsProblem, string Subject, string Text)
{
    public static Finding Ok(string subject, string text) => new(false, subject, text);

    public static Finding Problem(string subject, string text) => new(true, subject, text);

    /// <summary><c>problem  spool      /var/lib/agent is not writable …</c></summary>
    public override string ToString() => $"{(IsProblem ? "problem" : "ok"),-8} {Subject,-10} {Text}";
}

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Makes kinds of values of others.</summary>
public static class ValueKinds
{
    /// <summary>The same for an option that may have no value.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="kind">The kind.</param>
    public static ValueKind<T?> OrNone<T>(this ValueKind<T> kind)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new(kind.HelpName, text => kind.Parse(text) is (var value, null) ? (value, null) : (null, kind.Parse(text).Problem), value => kind.Format(value!.Value));
    }
}

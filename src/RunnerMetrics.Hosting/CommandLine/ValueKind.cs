namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>A kind of value that an option takes: how it is read, checked and written.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="HelpName">What help calls it: <c>DURATION</c>; null if the option stands alone.</param>
/// <param name="Parse">
/// Reads a value. The problem completes the sentence that begins with the option and the text: <c>is not a duration: give …</c>; null if there is none.
/// </param>
/// <param name="Format">Writes a value so that <paramref name="Parse"/> takes it.</param>
public sealed record ValueKind<T>(string? HelpName, Func<string, (T? Value, string? Problem)> Parse, Func<T, string> Format)
{
    /// <summary>Whether the option can be repeated: the texts are joined by commas.</summary>
    public bool IsList { get; init; }
}

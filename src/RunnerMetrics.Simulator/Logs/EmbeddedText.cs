namespace RunnerMetrics.Simulator.Logs;

/// <summary>The texts that are built into the program.</summary>
internal static class EmbeddedText
{
    /// <summary>The whole text of a file of this folder.</summary>
    public static string Read(string fileName)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(fileName)
            ?? throw new InvalidOperationException($"The program was built without its text '{fileName}'.");
        using var reader = new StreamReader(stream);

        // A checkout may have turned line ends around; the runner's logs have none but \n here.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>What a program says that was told something wrong.</summary>
internal static class WrongUsage
{
    private const int ExitCode = 2;

    /// <summary>Writes problems, one a line.</summary>
    /// <returns>The exit code.</returns>
    public static int Say(IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        Console.Error.WriteLine("Run 'runner-metrics-exporter --help' for the options.");
        return ExitCode;
    }
}

namespace RunnerMetrics.Agent.Configuration;

/// <summary>A file with the collector's token: the first word of its first line that is neither empty nor a comment (<c>#</c>), as the exporter reads its own.</summary>
internal static class TokenFile
{
    /// <summary>The token, or null if the file holds none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static string? Read(string file) =>
        File.ReadLines(file).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#')?.Split(' ', '\t')[0];
}

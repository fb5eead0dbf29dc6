namespace RunnerMetrics.AutomationWorker.Explaining;

/// <summary>An OpenAI-compatible API that may be asked.</summary>
/// <param name="Name">The name that its metrics start with.</param>
/// <param name="Url">What its paths start with: <c>https://api.deepseek.com</c>.</param>
/// <param name="Model">The model to ask.</param>
/// <param name="KeyFile">The file that holds the key.</param>
internal sealed record ApiSettings(string Name, Uri Url, string Model, string KeyFile)
{
    /// <summary>The key: the file's first line that is neither empty nor a comment (<c>#</c>). It is read for each call, so that a new one needs no restart.</summary>
    /// <exception cref="IOException">The file cannot be read, or holds no key.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public string ReadKey() =>
        File.ReadLines(KeyFile).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#')
        ?? throw new IOException($"{KeyFile} contains no key: write it on its own line");
}

using System.Globalization;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>What an AppHost leaves for a moment when it has ended: programs that are being stopped, and the folder into which they write their last files.</summary>
/// <param name="process">The AppHost's process.</param>
internal sealed class StackRemains(int process)
{
    private readonly string _folder = $"runner-metrics-stack-{process.ToString(CultureInfo.InvariantCulture)}-";

    private IEnumerable<string> Folders => Directory.EnumerateDirectories(Path.GetTempPath(), _folder + "*");

    private IEnumerable<string> Programs
    {
        get
        {
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            {
                if (Reads(Path.Combine(folder, "environ")).Contains(_folder, StringComparison.Ordinal) || Reads(Path.Combine(folder, "cmdline")).Contains(_folder, StringComparison.Ordinal))
                {
                    yield return $"{Path.GetFileName(folder)} ({Reads(Path.Combine(folder, "comm")).Trim()})";
                }
            }
        }
    }

    /// <summary>Waits until nothing is left: no process, no folder.</summary>
    public Task UntilGoneAsync() => UntilNoneAsync(() => Folders.Concat(Programs));

    /// <summary>Waits until none of the programs runs, and removes what they wrote after the folder was removed.</summary>
    public async Task RemoveAsync()
    {
        await UntilNoneAsync(() => Programs);
        foreach (var folder in Folders.ToList())
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task UntilNoneAsync(Func<IEnumerable<string>> left) => Until.TrueAsync(() => Task.FromResult(!left().Any()), () => $"left are {string.Join(", ", left())}");

    private static string Reads(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended, or belongs to somebody else.
            return "";
        }
    }
}

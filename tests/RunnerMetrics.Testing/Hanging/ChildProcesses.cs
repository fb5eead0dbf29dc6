using System.Globalization;

namespace RunnerMetrics.Testing;

/// <summary>Who started whom.</summary>
public static class ChildProcesses
{
    public static IReadOnlyList<ChildProcess> Find(int parent) => OperatingSystem.IsLinux()
        ? [.. Directory.EnumerateDirectories("/proc").Select(folder => Read(folder, parent)).OfType<ChildProcess>()]
        : [];

    // 4711 (prometheus) S 4700 4700 …: the number behind the state is the parent's, and the name may hold anything.
    private static ChildProcess? Read(string folder, int parent)
    {
        if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            var state = File.ReadAllText($"{folder}/stat");
            var fields = state[(state.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] != "Z" && fields[1] == parent.ToString(CultureInfo.InvariantCulture)
                ? new ChildProcess(id, File.ReadAllText($"{folder}/cmdline").Replace('\0', ' ').Trim())
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

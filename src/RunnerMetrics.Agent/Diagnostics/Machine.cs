namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// In which boot of the machine, and in which container, something was seen: ids that distinguish it from others, without a clock. State from others
/// is over, unless it can be seen to continue.
/// </summary>
/// <param name="Boot">The kernel's random id of this boot.</param>
/// <param name="Container">The namespace of the processes, and when the first of them began.</param>
internal sealed record Machine(string Boot, string Container)
{
    /// <summary>This machine; always the same if nothing can be read.</summary>
    public static Machine Here { get; } = new(Read("/proc/sys/kernel/random/boot_id"), $"{Namespace()} {FirstProcess()}");

    // "1 (systemd) S 0 1 1 …": the 22nd word is when it began, in ticks since the boot. The name in brackets can hold anything.
    private static string FirstProcess()
    {
        var stat = Read("/proc/1/stat");
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(19) ?? "";
    }

    private static string Namespace()
    {
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

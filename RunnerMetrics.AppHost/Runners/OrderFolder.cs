namespace RunnerMetrics.AppHost.Runners;

/// <summary>
/// A folder of this machine that a simulated runner's container sees: a file in it is an order to the runner, which removes the file when it obeys (its option <c>--orders</c>).
/// </summary>
internal sealed class OrderFolder
{
    /// <summary>Where the container sees it.</summary>
    public const string Target = "/orders";

    /// <summary>The next job fails, and begins at once.</summary>
    public const string Fail = "fail";

    /// <summary>The runner ends its job, takes no other, and is gone.</summary>
    public const string Drain = "drain";

    /// <param name="path">The folder, emptied where it is there: an order of yesterday is none.</param>
    public OrderFolder(string path)
    {
        Path = path;
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            // The container's user is another one, and removes what it obeys.
            const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(path, Everybody);
        }
    }

    /// <summary>The folder on this machine.</summary>
    public string Path { get; }

    /// <summary>Gives an order; one that waits already is given once.</summary>
    public void Give(string order) => File.WriteAllText(System.IO.Path.Combine(Path, order), "");
}

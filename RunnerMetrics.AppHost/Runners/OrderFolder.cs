namespace RunnerMetrics.AppHost.Runners;

/// <summary>A folder of this machine that a simulated runner sees: a file in it is an order to the runner, which removes the file when it obeys (its option <c>--orders</c>).</summary>
/// <param name="path">The folder on this machine.</param>
internal sealed class OrderFolder(string path)
{
    /// <summary>Where a container sees it.</summary>
    public const string Target = "/orders";

    /// <summary>The next job fails, and begins at once.</summary>
    public const string Fail = "fail";

    /// <summary>The runner finishes its job, takes no other, and exits.</summary>
    public const string Drain = "drain";

    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The folder on this machine.</summary>
    public string Path { get; } = path;

    /// <summary>Makes the folder.</summary>
    public void Create()
    {
        Directory.CreateDirectory(Path);
        if (!OperatingSystem.IsWindows())
        {
            // A container's user is another one, and removes what it obeys.
            File.SetUnixFileMode(Path, Everybody);
        }
    }

    /// <summary>Gives an order; an order that already waits is not repeated.</summary>
    public void Give(string order) => File.WriteAllText(System.IO.Path.Combine(Path, order), "");

    /// <summary>Waits until the runner accepts an order.</summary>
    /// <returns>False if it has not yet.</returns>
    public async Task<bool> IsTakenAsync(string order, TimeSpan patience, TimeProvider time, CancellationToken cancelled)
    {
        var start = time.GetTimestamp();
        while (File.Exists(System.IO.Path.Combine(Path, order)))
        {
            if (time.GetElapsedTime(start) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancelled);
        }

        return true;
    }
}

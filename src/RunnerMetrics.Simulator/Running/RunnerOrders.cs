namespace RunnerMetrics.Simulator.Running;

/// <summary>
/// What a person asks a simulated runner to do: a file named <c>fail</c> or <c>drain</c> in a folder, which is removed when it is obeyed. A folder, because it can be mounted
/// into a container, and usable by anyone who can write a file.
/// </summary>
internal sealed class RunnerOrders(string? folder)
{
    /// <summary>The next job fails, is a short one, and starts at once.</summary>
    public const string Fail = "fail";

    /// <summary>The runner ends its job and takes no other.</summary>
    public const string Drain = "drain";

    /// <summary>How often an idle runner looks.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(0.25);

    /// <summary>Whether anybody can ask anything.</summary>
    public bool IsOpen => folder is not null;

    /// <summary>Whether any order waits.</summary>
    public bool IsAsked => IsOpen && (File.Exists(PathOf(Fail)) || File.Exists(PathOf(Drain)));

    /// <summary>Takes an order, once.</summary>
    public bool Take(string order)
    {
        if (!IsOpen || !File.Exists(PathOf(order)))
        {
            return false;
        }

        File.Delete(PathOf(order));
        return true;
    }

    private string PathOf(string order) => Path.Combine(folder!, order);
}

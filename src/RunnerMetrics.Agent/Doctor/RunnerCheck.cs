using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Doctor;

/// <summary>Whether it is known which runner it is, and from where.</summary>
internal static class RunnerCheck
{
    private const string Subject = "runner";

    /// <param name="life">The life of the listener, where its log was found.</param>
    /// <param name="file">What the runner's file <c>.runner</c> says.</param>
    /// <param name="givenName">What <c>--runner-name</c> says, if it is given.</param>
    public static Finding Look(ListenerLife? life, RunnerSettings file, string? givenName)
    {
        var isLogged = life is { Name.Length: > 0 };
        var runner = file.Under(life);
        if (runner.Name.Length == 0)
        {
            return givenName is null
                ? Finding.Problem(Subject, "The runner's name is neither in its log nor in its file .runner. Start the runner, or give --runner-name the name that it was registered with.")
                : Finding.Ok(Subject, $"{givenName}, from --runner-name: its own settings have not been read yet, so its scope is not known.");
        }

        var source = isLogged ? "its log" : "its file .runner";
        return givenName is not null && givenName != runner.Name
            ? Finding.Problem(Subject, $"--runner-name (or RUNNER_NAME) says {givenName}, and {source} says {runner.Name}: it is reported as {runner.Name}, the name that GitHub knows. Leave the option out.")
            : Finding.Ok(Subject, $"{runner.Name} of {(runner.Scope.Length > 0 ? runner.Scope : "an unknown scope")}, by {source}.");
    }
}

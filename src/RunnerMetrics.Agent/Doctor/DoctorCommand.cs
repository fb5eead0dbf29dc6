using System.CommandLine;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Doctor;

/// <summary><c>doctor</c>, of every program that runs an agent.</summary>
public static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="options">What an agent would be started with.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock.</param>
    public static Command Make(RunOptions options, Func<string, string?> environment, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var doctor = new Command("doctor", "Checks everything that the agent needs, and says how to fix problems: exits with 0 on success, 1 if there is a problem.");
        options.AddPlacesTo(doctor);
        doctor.SetAction((parsed, stop) => new AgentDoctor(environment, time).RunAsync(options.Given(parsed), parsed.InvocationConfiguration.Output, stop));
        return doctor;
    }
}

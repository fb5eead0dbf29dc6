namespace RunnerMetrics.Agent.Doctor;

/// <summary>Whether this user can write files into a folder: by writing one.</summary>
internal static class FolderCheck
{
    /// <summary>Why files cannot be written there; null if they can.</summary>
    public static string? WhyNotWritable(string folder)
    {
        var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}.new");
        try
        {
            File.WriteAllText(probe, "written");
            File.Delete(probe);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }
}

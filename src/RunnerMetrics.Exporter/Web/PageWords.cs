using System.Globalization;

namespace RunnerMetrics.Exporter.Web;

/// <summary>The page's words for times and states; <c>words.js</c> has the same ones.</summary>
internal static class PageWords
{
    /// <summary>How long something takes: <c>42 s</c>, <c>3 min 5 s</c>, <c>2 h 14 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = (long)Math.Max(0, Math.Floor(time.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} min {seconds % 60} s",
            < 86_400 => $"{seconds / 3600} h {seconds / 60 % 60} min",
            _ => $"{seconds / 86_400} d {seconds / 3600 % 24} h",
        }}");
    }

    /// <summary>How long ago something was: <c>3 min ago</c>.</summary>
    public static string Ago(TimeSpan time)
    {
        var seconds = (long)Math.Max(0, Math.Floor(time.TotalSeconds));
        return seconds switch
        {
            < 5 => "just now",
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s ago"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min ago"),
            < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h ago"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400} d ago"),
        };
    }

    /// <summary>A state or a conclusion as people read it; its icon has the name of the state itself.</summary>
    public static string State(string state) => state switch
    {
        "success" => "Succeeded",
        "in_progress" => "In progress",
        "failure" => "Failed",
        "" => "Unknown",
        _ => char.ToUpperInvariant(state[0]) + state[1..],
    };

    /// <summary>Whose fault a failure was.</summary>
    public static string Fault(string? reason) => reason switch
    {
        "job" => "a step of the job",
        "setup" => "its set-up",
        "runner" => "the runner",
        "unknown" => "cause unknown",
        _ => "",
    };

    /// <summary>A number of things: <c>1 job</c>, <c>12 jobs</c>.</summary>
    public static string Count(int number, string one) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {one}{(number == 1 ? "" : "s")}");
}

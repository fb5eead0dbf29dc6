using System.Globalization;
using System.Text;

namespace RunnerMetrics.Benchmarks;

/// <summary>What else lies in a runner's _diag: logs of an older past, and of other processes that write on.</summary>
internal sealed class CrowdedFolder : IDisposable
{
    private readonly List<FileStream> _writers = [];

    public CrowdedFolder(string diag, int listeners, int files)
    {
        Directory.CreateDirectory(diag);
        var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-29);
        for (var i = 0; i < files; i++)
        {
            var at = past.AddSeconds(i);
            var (prefix, component) = i % 2 == 0 ? ("Runner", "Listener") : ("Worker", "Worker");
            File.WriteAllText(
                Path.Combine(diag, string.Create(CultureInfo.InvariantCulture, $"{prefix}_{at:yyyyMMdd-HHmmss}-utc.log")),
                string.Create(CultureInfo.InvariantCulture, $"[{at:u} INFO {component}] Version: 2.337.0\n[{at:u} INFO {component}] Runner execution has finished with return code 0\n"));
        }

        for (var i = 0; i < listeners; i++)
        {
            var at = past.AddSeconds(files + i);
            _writers.Add(new FileStream(
                Path.Combine(diag, string.Create(CultureInfo.InvariantCulture, $"Runner_{at:yyyyMMdd-HHmmss}-utc.log")), FileMode.Append, FileAccess.Write, FileShare.Read));
            Write(_writers[^1], "Listener] Version: 2.337.0");
        }
    }

    /// <summary>Each process that writes on writes a line.</summary>
    public void WriteLines() => _writers.ForEach(writer => Write(writer, "BrokerMessageListener] Sleeping for 30 seconds before retrying."));

    public void Dispose() => _writers.ForEach(writer => writer.Dispose());

    private static void Write(FileStream writer, string line)
    {
        writer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{TimeProvider.System.GetUtcNow().UtcDateTime:u} INFO {line}\n")));
        writer.Flush();
    }
}

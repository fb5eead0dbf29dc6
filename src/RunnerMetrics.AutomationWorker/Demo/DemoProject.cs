using System.Globalization;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.AutomationWorker.Programs;
using RunnerMetrics.AutomationWorker.Watching;

namespace RunnerMetrics.AutomationWorker.Demo;

/// <summary>A small repository in a temporary folder, which somebody seems to work on: every few seconds a task is done, ticked in the plan, and committed.</summary>
internal sealed class DemoProject : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan GitLimit = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-metrics-demo-").FullName;
    private readonly TimeProvider _time;
    private int _tasks;

    private DemoProject(TimeProvider time) => _time = time;

    /// <summary>Makes one, with its first task done.</summary>
    public static async Task<DemoProject> CreateAsync(TimeProvider time, CancellationToken stop)
    {
        var project = new DemoProject(time);
        try
        {
            await project.GitAsync(stop, "init", "--quiet");
            await project.DoTaskAsync(stop);
            return project;
        }
        catch
        {
            project.Dispose();
            throw;
        }
    }

    /// <summary>A worker's options for this project. Its tests are this very program, asked for its version: that is there on every machine.</summary>
    /// <param name="serving">Where the worker serves its metrics.</param>
    public WorkerOptions Configure(WorkerOptions serving) => serving with
    {
        Watch = new WatchOptions { Folder = _folder, TestCommand = [Environment.ProcessPath!, "--version"] },
        Audit = new AuditOptions { Repository = _folder, Every = 2 * Pace },
    };

    /// <summary>Works on the project until it is told to end.</summary>
    public async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pace, _time, stop);
                await DoTaskAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task DoTaskAsync(CancellationToken stop)
    {
        var task = string.Create(CultureInfo.InvariantCulture, $"Task {++_tasks}");
        await File.WriteAllTextAsync(Path.Combine(_folder, "work.txt"), $"{task}\n", stop);
        await File.AppendAllTextAsync(Path.Combine(_folder, "PLAN.md"), $"- [x] {task}\n", stop);
        await GitAsync(stop, "add", "--all");
        await GitAsync(stop, "-c", "user.name=Demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", task);
    }

    // Without git there are no commits, and the audits say so.
    private async Task GitAsync(CancellationToken stop, params string[] arguments) => await ProgramRun.RunAsync(["git", .. arguments], _folder, GitLimit, _time, stop);
}

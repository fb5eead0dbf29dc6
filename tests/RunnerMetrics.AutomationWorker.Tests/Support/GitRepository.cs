using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Support;

/// <summary>A small repository of its own, with one commit.</summary>
internal sealed class GitRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _commits; // two commits with one parent, one message and one second would be the same commit

    public GitRepository()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "git is not on this machine: apt-get install git");
        Git("init", "--quiet", "--initial-branch=main");
        Commit();
    }

    public string Path => _folder.Path;

    public string Write(string name, string text) => _folder.Write(name, text);

    public void Commit(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Git("commit", "--quiet", "--allow-empty", "--message", $"Change {++_commits}");
        }
    }

    public void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo(
            "/usr/bin/git",
            ["-C", Path, "-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", .. arguments])
        { RedirectStandardError = true })!;
        var said = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, said);
    }

    public void Dispose() => _folder.Dispose();
}

using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Support;

/// <summary>A small repository of its own, with one commit.</summary>
internal sealed class GitRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _commits; // two commits with one parent, one message and one second would be the same commit

    private GitRepository()
    {
    }

    public string Path => _folder.Path;

    public static async Task<GitRepository> CreateAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "git is not on this machine: apt-get install git");
        var repository = new GitRepository();
        await repository.GitAsync("init", "--quiet", "--initial-branch=main");
        await repository.CommitAsync();
        return repository;
    }

    public string Write(string name, string text) => _folder.Write(name, text);

    public async Task CommitAsync(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            await GitAsync("commit", "--quiet", "--allow-empty", "--message", $"Change {++_commits}");
        }
    }

    public async Task GitAsync(params string[] arguments)
    {
        var git = await ProcessRun.RunAsync(
            "/usr/bin/git", ["-C", Path, "-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", .. arguments],
            TestContext.Current.CancellationToken);
        Assert.True(git.ExitCode == 0, git.Said);
    }

    public void Dispose() => _folder.Dispose();
}

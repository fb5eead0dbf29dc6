using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>A job can put anything into the folder.</summary>
public sealed class HookFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly MemoryLogger _log = new();

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Read_Link_IsNotFollowed()
    {
        File.WriteAllText(_folder.File("secret"), "secret");
        File.CreateSymbolicLink(_folder.File("a.hook"), _folder.File("secret"));
        Assert.Empty(Folder().Read("a.hook")!.Value.Content);
    }

    [Fact]
    public async Task Read_Pipe_IsNotWaitedFor()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        Assert.Equal(new ProcessRun(0, "", ""), await ProcessRun.RunAsync("mkfifo", [_folder.File("a.hook")], TestContext.Current.CancellationToken));
        Assert.Empty(Folder().Read("a.hook")!.Value.Content);
    }

    [Fact]
    public void Read_TooLong_IsNotRead()
    {
        File.WriteAllBytes(_folder.File("a.hook"), new byte[HookText.LongestFile + 1]);
        Assert.Empty(Folder().Read("a.hook")!.Value.Content);
    }

    [Fact]
    public void Read_Gone_IsNothing() => Assert.Null(Folder().Read("a.hook"));

    [Fact]
    public void Read_Folder_IsNothingAndSaidOnce()
    {
        Directory.CreateDirectory(_folder.File("a.hook"));
        var folder = Folder();
        Assert.True(folder.Read("a.hook") is null or { Content: [] });
        folder.Remove("a.hook");
        folder.Remove("a.hook");
        Assert.Single(_log.Lines);
    }

    [Fact]
    public void ListIfChanged_NothingChanged_ListsOnlyNowAndThen()
    {
        File.WriteAllText(_folder.File("a.hook"), "");
        File.WriteAllText(_folder.File("a.cache"), "");
        File.WriteAllText(_folder.File("other"), "");
        Directory.SetLastWriteTimeUtc(_folder.Path, _time.GetUtcNow().UtcDateTime.AddMinutes(-1));
        var folder = Folder();
        Assert.Equal(["a.cache", "a.hook"], folder.ListIfChanged(".hook", ".cache")!.Order());
        Assert.Null(folder.ListIfChanged(".hook", ".cache"));
        File.WriteAllText(_folder.File("b.hook"), "");
        Assert.Equal(3, folder.ListIfChanged(".hook", ".cache")!.Count);
    }

    [Fact]
    public void ListIfChanged_WriterDied_ItsFileIsRemovedAfterAnHour()
    {
        File.WriteAllText(_folder.File(".job-started-1.new"), "");
        Folder().ListIfChanged(".hook");
        Assert.True(File.Exists(_folder.File(".job-started-1.new")));
        _time.Advance(TimeSpan.FromMinutes(61));
        Folder().ListIfChanged(".hook");
        Assert.False(File.Exists(_folder.File(".job-started-1.new")));
    }

    [Fact]
    public void ListIfChanged_ManyFiles_IsBounded()
    {
        for (var i = 0; i < HookFolder.MostFiles + 10; i++)
        {
            File.WriteAllText(_folder.File($"{i}.hook"), "");
        }

        Assert.Equal(HookFolder.MostFiles, Folder().ListIfChanged(".hook")!.Count);
    }

    [Fact]
    public void ListIfChanged_NoFolder_IsNothing() => Assert.Null(new HookFolder(_folder.File("absent"), _time, _log).ListIfChanged(".hook"));

    [Fact]
    public void Remove_NoFolder_SaysNothing()
    {
        new HookFolder(_folder.File("absent"), _time, _log).Remove("a.span");
        Assert.Empty(_log.Lines);
    }

    private HookFolder Folder() => new(_folder.Path, _time, _log);
}

using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Hosting.Tests.Folders;

public sealed class DiskFolderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Open_SecondWriter_IsRefusedAndToldWhatToDo()
    {
        using var first = DiskFolder.Open(_path, "exporter", "--data");

        var problem = Assert.Throws<StorageException>(() => DiskFolder.Open(_path, "exporter", "--data"));

        Assert.StartsWith($"{_path} is in use by another exporter (", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("): stop it, or give this one another --data", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterTheFirstWriterLetGo_Opens()
    {
        DiskFolder.Open(_path, "exporter", "--data").Dispose();
        using var second = DiskFolder.Open(_path, "exporter", "--data");
        Assert.Empty(second.List());
    }

    [Fact]
    public void Create_Files_AreTheUsersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        using var folder = DiskFolder.Open(_path, "exporter", "--data");
        folder.Create("1").Dispose();

        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Private | UnixFileMode.UserExecute, new DirectoryInfo(_path).UnixFileMode);
        Assert.Equal(2, Directory.GetFiles(_path).Length);
        Assert.All(Directory.GetFiles(_path), file => Assert.Equal(Private, new FileInfo(file).UnixFileMode));
    }

    [Fact]
    public void Open_FolderThatCannotBeMade_SaysSo()
    {
        Directory.CreateDirectory(_path);
        var file = Path.Combine(_path, "file");
        File.WriteAllText(file, "");

        var problem = Assert.Throws<StorageException>(() => DiskFolder.Open(Path.Combine(file, "below"), "exporter", "--data"));

        Assert.Contains("is not writable", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("give --data a folder that this user can write to", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_WrittenRenamedCutAndRemoved_AreAsOnADisk()
    {
        using var folder = DiskFolder.Open(Path.Combine(_path, "a", "b"), "exporter", "--data");
        using (var file = folder.Create("one"))
        {
            file.Write("hello"u8);
            file.Write(" world"u8);
            file.Truncate(7);
            file.Sync();
            Assert.Equal(7, file.Length);
        }

        using (var file = folder.Append("one"))
        {
            file.Write("e"u8);
        }

        folder.Rename("one", "two");
        folder.SyncFolder();
        Assert.Equal(["two"], folder.List());
        using (var reader = new StreamReader(folder.OpenRead("two")))
        {
            Assert.Equal("hello we", reader.ReadToEnd());
        }

        folder.Delete("two");
        Assert.Empty(folder.List());
    }
}

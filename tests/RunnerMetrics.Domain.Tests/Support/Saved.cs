namespace RunnerMetrics.Domain.Tests.Support;

/// <summary>Writes a part of the state, and reads it back.</summary>
internal static class Saved
{
    public static void Load(Action<BinaryWriter> save, Action<BinaryReader> load)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            save(writer);
        }

        bytes.Position = 0;
        using var reader = new BinaryReader(bytes);
        load(reader);
        Assert.Equal(bytes.Length, bytes.Position);
    }
}

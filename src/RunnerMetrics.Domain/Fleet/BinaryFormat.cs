using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>How the parts of a state that are no numbers are written into a snapshot.</summary>
internal static class BinaryFormat
{
    public static void Write(this BinaryWriter writer, DateTimeOffset? time) => writer.Write(time?.UtcTicks ?? -1);

    public static DateTimeOffset? ReadTime(this BinaryReader reader) =>
        reader.ReadInt64() is >= 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public static void Write(this BinaryWriter writer, TimeSpan? duration) => writer.Write(duration?.Ticks ?? long.MinValue);

    public static TimeSpan? ReadDuration(this BinaryReader reader) => reader.ReadInt64() is not long.MinValue and var ticks ? TimeSpan.FromTicks(ticks) : null;

    public static void Write(this BinaryWriter writer, RunnerIdentity runner)
    {
        writer.Write(runner.Name);
        writer.Write(runner.Type);
        writer.Write(runner.Version);
        writer.Write(runner.Ephemeral);
        writer.Write(runner.InstanceId);
        writer.Write(runner.Scope);
        writer.Write(runner.Id);
    }

    public static RunnerIdentity ReadRunner(this BinaryReader reader) =>
        RunnerIdentity.Kept(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadBoolean(), reader.ReadString(), reader.ReadString())
            with { Id = reader.ReadInt64() };

    public static void Write(this BinaryWriter writer, OpenJob open)
    {
        var job = open.Job;
        writer.Write(job.Key);
        writer.Write(job.JobId);
        writer.Write(job.ServerUrl);
        writer.Write(job.Repository);
        writer.Write(job.Workflow);
        writer.Write(job.Name);
        writer.Write(job.RunId);
        writer.Write(job.RunAttempt);
        writer.Write(job.CheckRunId);
        writer.Write(open.StartedAt.UtcTicks);
        writer.Write(open.InstanceId);
        writer.Write(open.SeenAt.Ticks);
    }

    public static OpenJob ReadOpenJob(this BinaryReader reader)
    {
        var job = new JobIdentity(
            reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(),
            reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64());
        return new OpenJob(job, new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero), reader.ReadString(), TimeSpan.FromTicks(reader.ReadInt64()));
    }
}

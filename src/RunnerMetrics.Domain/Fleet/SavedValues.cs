using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>Times, keys and identities in a snapshot.</summary>
internal static class SavedValues
{
    /// <summary>A time; what is not known, or never was, is absent.</summary>
    public static Timestamp? Save(this DateTimeOffset? time) => time is { } known && known != DateTimeOffset.MinValue ? Timestamp.FromDateTimeOffset(known) : null;

    public static Timestamp? Save(this DateTimeOffset time) => Save((DateTimeOffset?)time);

    public static DateTimeOffset? Load(this Timestamp? saved) => saved?.ToDateTimeOffset();

    /// <summary>A time; the earliest possible if there never was one.</summary>
    public static DateTimeOffset LoadOrNever(this Timestamp? saved) => saved?.ToDateTimeOffset() ?? DateTimeOffset.MinValue;

    public static Saved.Key Save(this UInt128 key) => new() { Low = (ulong)key, High = (ulong)(key >> 64) };

    public static UInt128 Load(this Saved.Key? saved) => saved is null ? 0 : new UInt128(saved.High, saved.Low);

    /// <summary>Appends a key to a list that has two numbers for each.</summary>
    public static void AddKey(this RepeatedField<ulong> keys, UInt128 key)
    {
        keys.Add((ulong)key);
        keys.Add((ulong)(key >> 64));
    }

    /// <summary>A key in such a list.</summary>
    public static UInt128 KeyAt(this RepeatedField<ulong> keys, int index) => new(keys[(2 * index) + 1], keys[2 * index]);

    public static Saved.RunnerKey Save(this RunnerKey key) => new() { Scope = key.Scope, Name = key.Name, Type = key.Type };

    public static RunnerKey Load(this Saved.RunnerKey saved) => new(saved.Scope, saved.Name, saved.Type);

    public static Saved.RunnerIdentity Save(this RunnerIdentity runner) => new()
    {
        Name = runner.Name,
        Type = runner.Type,
        Version = runner.Version,
        Ephemeral = runner.Ephemeral,
        InstanceId = runner.InstanceId,
        Scope = runner.Scope,
        Id = runner.Id,
    };

    public static RunnerIdentity Load(this Saved.RunnerIdentity saved) =>
        RunnerIdentity.Kept(saved.Name, saved.Type, saved.Version, saved.Ephemeral, saved.InstanceId, saved.Scope) with { Id = saved.Id };

    public static Saved.OpenJob Save(this OpenJob open) => new()
    {
        Key = open.Job.Key,
        JobId = open.Job.JobId,
        ServerUrl = open.Job.ServerUrl,
        Repository = open.Job.Repository,
        Workflow = open.Job.Workflow,
        Name = open.Job.Name,
        RunId = open.Job.RunId,
        RunAttempt = open.Job.RunAttempt,
        CheckRunId = open.Job.CheckRunId,
        StartedAt = open.StartedAt.Save(),
        InstanceId = open.InstanceId,
        SeenAtTicks = open.SeenAt.Ticks,
    };

    public static OpenJob Load(this Saved.OpenJob saved) => new(
        new JobIdentity(
            saved.Key, saved.JobId, saved.ServerUrl, RepositoryName.Kept(saved.Repository), saved.Workflow, saved.Name, saved.RunId, saved.RunAttempt, saved.CheckRunId),
        saved.StartedAt.LoadOrNever(), saved.InstanceId, TimeSpan.FromTicks(saved.SeenAtTicks));
}

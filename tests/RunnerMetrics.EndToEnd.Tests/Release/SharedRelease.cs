namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>Tests of one release, which is built once for them all.</summary>
[CollectionDefinition(BuiltRelease.Collection)]
public sealed class SharedRelease : ICollectionFixture<BuiltRelease>;

using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Deploying;

/// <summary>What a compose file names must be there, and what it opens stands on loopback.</summary>
public class ComposeFileTests
{
    public static TheoryData<string> Files() => [.. ComposeFiles.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void ComposeFile_MountsAndBuilds_OnlyWhatIsThere(string name)
    {
        var file = ComposeFiles.Read(name);
        foreach (var service in ServicesOf(file))
        {
            var sources = file.ListOf($"{service}.volumes").Select(volume => volume[..volume.IndexOf(':', StringComparison.Ordinal)]).Where(source => source.StartsWith("..", StringComparison.Ordinal));
            Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(ComposeFiles.Folder, source)), $"{name} mounts {source}, which is not there."));
            if (file[$"{service}.build.context"] is { } context)
            {
                var dockerfile = Path.Combine(ComposeFiles.Folder, context, file[$"{service}.build.dockerfile"]!);
                Assert.True(File.Exists(dockerfile), $"{name} builds {dockerfile}, which is not there.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void ComposeFile_NamedVolumesAndSecrets_AreDeclared(string name)
    {
        var file = ComposeFiles.Read(name);
        var declared = file.KeysOf("volumes").Concat(file.KeysOf("secrets")).ToHashSet();
        if (name == "exporter-webhooks.yml")
        {
            declared.UnionWith(ComposeFiles.Read("exporter.yml").KeysOf("secrets"));
        }

        foreach (var service in ServicesOf(file))
        {
            var named = file.ListOf($"{service}.volumes").Select(volume => volume.Split(':')[0]).Where(source => source.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
            Assert.Subset(declared, named.Concat(file.ListOf($"{service}.secrets")).ToHashSet());
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void ComposeFile_PublishedPorts_AreOnLoopbackUnlessAskedFor(string name)
    {
        var file = ComposeFiles.Read(name);
        Assert.All(
            ServicesOf(file).SelectMany(service => file.ListOf($"{service}.ports")),
            port => Assert.True(port.StartsWith("127.0.0.1:", StringComparison.Ordinal) || (port.StartsWith("${", StringComparison.Ordinal) && port.Contains(":-127.0.0.1", StringComparison.Ordinal)), $"{name}: {port}"));
    }

    // What runs in them is other people's.
    [Theory]
    [MemberData(nameof(Files))]
    public void ComposeFile_Runners_HaveNoCapabilities(string name)
    {
        var file = ComposeFiles.Read(name);
        Assert.All(
            ServicesOf(file).Where(service => service.Contains("runner", StringComparison.Ordinal)),
            service => Assert.Equal(("ALL", "no-new-privileges:true"), (Assert.Single(file.ListOf($"{service}.cap_drop")), Assert.Single(file.ListOf($"{service}.security_opt")))));
    }

    private static IEnumerable<string> ServicesOf(ComposeText file) => file.KeysOf("services").Select(service => $"services.{service}");
}

using System.Text.Json.Nodes;
using RunnerMetrics.AppHost.Exporter.Publishing;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Tests.Model;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Publishing;

public sealed class PublishTests : IDisposable
{
    // What Aspire's model of a compose file cannot say, and what it says beyond.
    private static readonly string[] NotInAspires = ["services.exporter.pids_limit", "volumes.exporter-data.name"];
    private static readonly string[] OnlyInAspires = ["volumes.exporter-data.driver"];
    private static readonly bool IsAspires = typeof(ExporterComposeExtensions).Assembly.GetReferencedAssemblies().Any(assembly => assembly.Name == "Aspire.Hosting.Docker");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string[] Publish => ["--operation", "publish", "--step", "publish", "--output-path", _folder.Path];

    [Fact]
    public async Task Publish_Model_IsTheExporterAlone()
    {
        await using var model = StackModel.Build(LocalMachine.WithEverything, Publish);
        Assert.Equal(["exporter"], model.NamesOf<ContainerResource>());
        Assert.Empty(model.NamesOf<ParameterResource>());
        Assert.Empty(model.NamesOf<ProjectResource>());
        Assert.Empty(StackModel.Named(model["exporter"]));
    }

    [Fact]
    public async Task Publish_Files_AreTheComposeFileAndNothingWithASecret()
    {
        await PublishAsync();
        Assert.Equal(["docker-compose.yaml"], Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Where(name => name != ".env"));
        var variables = new FileInfo(Path.Combine(_folder.Path, ".env"));
        Assert.True(!variables.Exists || File.ReadLines(variables.FullName).All(line => line.Length == 0 || line[0] == '#'), "A file of variables is published.");
    }

    [Fact]
    public async Task Publish_ComposeFile_IsTheSnapshot()
    {
        var published = await PublishAsync();
        var snapshot = SnapshotOf(IsAspires ? "aspire" : "own");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(snapshot, published, Cancelled);
        }

        Assert.Equal((await File.ReadAllTextAsync(snapshot, Cancelled)).ReplaceLineEndings(), published.ReplaceLineEndings());
    }

    // One of the two is what is published here; the other is what is published where the feed is another.
    [Fact]
    public async Task Publish_BothSnapshots_MeanWhatTheCommittedFileMeans()
    {
        var committed = ComposeText.Read(await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "deploy", "compose", "exporter.yml"), Cancelled));
        Assert.Equal(committed.Meaning(), ComposeText.Read(await File.ReadAllTextAsync(SnapshotOf("own"), Cancelled)).Meaning());
        Assert.Equal(committed.Meaning(NotInAspires), ComposeText.Read(await File.ReadAllTextAsync(SnapshotOf("aspire"), Cancelled)).Meaning(OnlyInAspires));
    }

    [Fact]
    public async Task Publish_Manifest_HoldsTheExporterAlone()
    {
        var file = Path.Combine(_folder.Path, "manifest.json");
        await using var model = StackModel.Build(LocalMachine.WithEverything, "--operation", "publish", "--publisher", "manifest", "--output-path", file);
        await model.RunAsync(Cancelled);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancelled))!;
        Assert.Equal(["exporter"], manifest["resources"]!.AsObject().Select(resource => resource.Key));
        Assert.Equal("runner-metrics/exporter:2.3.0", manifest["resources"]!["exporter"]!["image"]!.GetValue<string>());
    }

    public void Dispose() => _folder.Dispose();

    private static string SnapshotOf(string writer) => Path.Combine(RepositoryFolder.Path, "tests", "RunnerMetrics.AppHost.Tests", "Publishing", $"docker-compose.{writer}.verified.yaml");

    private async Task<string> PublishAsync()
    {
        await using var model = StackModel.Build(LocalMachine.WithEverything, Publish);
        await model.RunAsync(Cancelled);
        return await File.ReadAllTextAsync(Path.Combine(_folder.Path, "docker-compose.yaml"), Cancelled);
    }
}

using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests;

public sealed class PublishTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runner-metrics-publish-");

    private string[] Publish => ["--operation", "publish", "--step", "publish", "--output-path", _folder.FullName];

    [Fact]
    public async Task Publish_Model_IsTheExporterAlone()
    {
        await using var model = await StackModel.BuildAsync(Publish);
        Assert.Equal(["exporter"], model.ContainerNames());
        Assert.Empty(model.Resources.OfType<ParameterResource>());
        Assert.Empty(StackModel.Named(model.Container("exporter")));
    }

    [Fact]
    public async Task Publish_Files_AreTheComposeFileAndNothingWithASecret()
    {
        await PublishAsync();
        Assert.Equal(["docker-compose.yaml"], Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Where(name => name != ".env"));
        var variables = new FileInfo(Path.Combine(_folder.FullName, ".env"));
        Assert.True(!variables.Exists || File.ReadLines(variables.FullName).All(line => line.Length == 0 || line[0] == '#'), "A file of variables is published.");
    }

    [Fact]
    public async Task Publish_ComposeFile_IsTheSnapshot()
    {
        var published = await PublishAsync();
        var snapshot = Path.Combine(RepositoryFolder.Path, "tests", "RunnerMetrics.AppHost.Tests", "Snapshots", "docker-compose.verified.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(snapshot, published, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ComposeText.Read(await File.ReadAllTextAsync(snapshot, TestContext.Current.CancellationToken)).Whole(), ComposeText.Read(published).Whole());
    }

    [Fact]
    public async Task Publish_ComposeFile_MeansWhatTheCommittedOneMeans()
    {
        var published = ComposeText.Read(await PublishAsync());
        var committed = ComposeText.Read(await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "deploy", "compose", "exporter.yml"), TestContext.Current.CancellationToken));

        // What Aspire's model of a compose file cannot say: ExporterDeployment.
        Assert.Equal(committed.Meaning(without: ["services.exporter.pids_limit", "volumes.exporter-data.name"]), published.Meaning(without: ["volumes.exporter-data.driver"]));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> PublishAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RunnerMetrics_AppHost>(Publish, TestContext.Current.CancellationToken);
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await app.RunAsync(TestContext.Current.CancellationToken);
        return await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "docker-compose.yaml"), TestContext.Current.CancellationToken);
    }
}

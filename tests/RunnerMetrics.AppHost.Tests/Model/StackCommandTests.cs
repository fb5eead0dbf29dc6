using RunnerMetrics.AppHost.Grafana;
using RunnerMetrics.AppHost.Runners;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Model;

/// <summary>What the commands on the dashboard of the local stack do, without the dashboard.</summary>
public sealed class StackCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Orders_OfTheStack_AreObeyedByASimulatedRunner()
    {
        var orders = new OrderFolder(Path.Combine(_folder.Path, "orders"));
        orders.Create();
        orders.Give(OrderFolder.Fail);
        var did = new List<SimulatedJob>();
        var runner = new SimulatedRunner(
            new SimulatorOptions { DiagDirectory = _folder.Path, RunnerName = "r", Speed = 1000, OrderFolder = orders.Path }, TimeProvider.System)
        {
            OnJobFinished = job =>
            {
                did.Add(job);
                orders.Give(OrderFolder.Drain);
            },
        };
        await runner.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(JobConclusion.Failed, Assert.Single(did).Conclusion);
        Assert.Empty(Directory.GetFiles(orders.Path));
    }

    [Fact]
    public async Task Order_ThatNobodyTakes_IsSaidToWait()
    {
        var orders = new OrderFolder(Path.Combine(_folder.Path, "orders"));
        orders.Create();
        orders.Give(OrderFolder.Drain);
        Assert.False(await orders.IsTakenAsync(OrderFolder.Drain, TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken));
        File.Delete(Path.Combine(orders.Path, OrderFolder.Drain));
        Assert.True(await orders.IsTakenAsync(OrderFolder.Drain, TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("standard-1", true)]
    [InlineData("standard-2", false)]
    [InlineData("standard", false)]
    public void Runner_IsOnline_WhereTheExporterSaysSo(string runner, bool isOnline) => Assert.Equal(
        isOnline,
        RunnerState.IsOnline(
            """
            # TYPE github_runner_status gauge
            github_runner_status{runner_name="standard-1",runner_type="standard"} 1
            github_runner_status{runner_name="standard-2",runner_type="standard"} 0
            """,
            runner));

    [Fact]
    public void Dashboards_OfGrafanasAnswer_AreAListOfLinks() => Assert.Equal(
        "- [DORA](http://localhost:3000/d/b/dora)\n- [Runners](http://localhost:3000/d/a/runners)",
        DashboardLinks.ToMarkdown("""[{"uid":"a","title":"Runners","url":"/d/a/runners"},{"uid":"b","title":"DORA","url":"/d/b/dora"}]""", new Uri("http://localhost:3000")));

    public void Dispose() => _folder.Dispose();
}

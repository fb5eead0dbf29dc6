using System.Threading.Channels;
using RunnerMetrics.Agent.Deployments;

namespace RunnerMetrics.Demo.Running;

/// <summary>Reports incidents and reworks as a pipeline's steps do, one after another, with the agent's own commands.</summary>
internal sealed class DemoReports : IAsyncDisposable
{
    private readonly Channel<IReadOnlyList<string>> _waiting = Channel.CreateUnbounded<IReadOnlyList<string>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    public DemoReports(int grpcPort, TextWriter problems) =>
        _loop = Task.Run(() => RunAsync(new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", grpcPort).Uri, problems));

    public void Report(IReadOnlyList<string> arguments) => _waiting.Writer.TryWrite(arguments);

    /// <summary>Reports what was handed over, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync(Uri collector, TextWriter problems)
    {
        await foreach (var arguments in _waiting.Reader.ReadAllAsync())
        {
            await PipelineReport.RunAsync(arguments, collector, TextWriter.Null, problems);
        }
    }
}

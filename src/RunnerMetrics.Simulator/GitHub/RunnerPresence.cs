using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>Tells a simulated GitHub that a runner is there, as a real one's open connection does.</summary>
internal static class RunnerPresence
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Tells it until the runner stops; a GitHub that is away is told once it is back.</summary>
    public static async Task TellAsync(Uri gitHub, string name, string type, TimeProvider time, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Every };
        var address = new Uri(gitHub, $"{RunnerIntake.Runners}/{Uri.EscapeDataString(name)}?type={Uri.EscapeDataString(type)}");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.PutAsync(address, null, stop);
                await Task.Delay(Every, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(Every, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }
}

using System.Globalization;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>Tells a simulated GitHub that a runner is there, as a real one's open connection does.</summary>
internal static class RunnerPresence
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Tells it until the runner stops; a GitHub that is away is told once it is back.</summary>
    /// <param name="gitHub">The address of GitHub.</param>
    /// <param name="name">The runner's name.</param>
    /// <param name="type">The runner's type.</param>
    /// <param name="time">The clock that says when to tell it again.</param>
    /// <param name="registered">Is told the id under which the runner is registered.</param>
    /// <param name="stop">Stops it.</param>
    public static async Task TellAsync(Uri gitHub, string name, string type, TimeProvider time, TaskCompletionSource<long> registered, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Every };
        var address = new Uri(gitHub, $"{RunnerIntake.Runners}/{Uri.EscapeDataString(name)}?type={Uri.EscapeDataString(type)}");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.PutAsync(address, null, stop);
                if (long.TryParse(await answer.Content.ReadAsStringAsync(stop), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                {
                    registered.TrySetResult(id);
                }

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

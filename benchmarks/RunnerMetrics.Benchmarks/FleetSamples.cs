using System.Diagnostics;
using System.Globalization;
using System.Text;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using EnvironmentName = RunnerMetrics.Domain.Names.EnvironmentName;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// What a Prometheus would have scraped of a fleet: what the registry shows at each step, under a clock that is moved on. promtool makes blocks of it, some days at a time.
/// </summary>
/// <param name="runners">How many runners the fleet has; each has every series.</param>
/// <param name="step">The time between two scrapes.</param>
internal sealed class FleetSamples(int runners, TimeSpan step)
{
    private const int Repositories = 20;

    /// <summary>One of the lengths that promtool makes blocks of. It reads a file once for each block: a file of one block is read once.</summary>
    public const int BlockHours = 54;

    /// <summary>Whether a family is left out, by its name, as <c>metric_relabel_configs</c> would.</summary>
    public Func<string, bool> IsDropped { get; init; } = _ => false;

    /// <summary>Samples that were written.</summary>
    public long Samples { get; private set; }

    /// <summary>Writes blocks into a folder.</summary>
    public async Task StoreAsync(string folder, DateTimeOffset start, DateTimeOffset end)
    {
        using var registry = new MetricRegistry();
        var clock = new SteppedTime { Now = start };
        var fleet = new FleetState(registry, new FleetOptions { IncidentRepositories = ["acme/*"] });
        registry.AddCollector(() => fleet.ShowTime(clock.Now));
        var load = new FleetLoad(fleet, runners, clock);
        load.Fill();
        var (jobs, deployments) = (0.0, 0.0);
        var number = 0;
        while (clock.Now <= end)
        {
            var text = Path.Combine(Path.GetDirectoryName(folder)!, "slice.txt");
            await using (var output = new FileStream(text, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                var until = DateTimeOffset.UnixEpoch.AddHours((Math.Floor((clock.Now - DateTimeOffset.UnixEpoch).TotalHours / BlockHours) + 1) * BlockHours);
                for (; clock.Now < until && clock.Now <= end; clock.Now += step)
                {
                    // Every runner ends a job in 10 minutes or so, and every repository deploys every four hours or so.
                    jobs += step / TimeSpan.FromMinutes(10) * runners;
                    load.Work((int)jobs);
                    jobs -= (int)jobs;
                    load.Beat();
                    for (deployments += step / TimeSpan.FromHours(4) * Repositories; deployments >= 1; deployments--)
                    {
                        Deploy(fleet, clock.Now, ++number);
                    }

                    WriteSamples(registry, output, clock.Now.ToUnixTimeSeconds());
                }

                output.Write("# EOF\n"u8);
            }

            await RunAsync("promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet", $"--max-block-duration={BlockHours}h", text, folder);
            File.Delete(text);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = await process.StandardError.ReadToEndAsync() + await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
        }
    }

    /// <summary>The bytes of a folder's files.</summary>
    public static long BytesOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private static void Deploy(FleetState fleet, DateTimeOffset now, int number) => fleet.Apply(new DeploymentChanged(
        $"deployment-{number}",
        now,
        new Deployment($"{number}", "https://github.com", RepositoryName.Kept($"acme/service-{number % Repositories}"), EnvironmentName.Kept("production"), number % 9 == 0 ? DeploymentState.Failure : DeploymentState.Success)
        {
            FinishedAt = now,
            HeadCommittedAt = now.AddMinutes(-30 - (number % 600)),
            IsRework = number % 11 == 0,
        }));

    private void WriteSamples(MetricRegistry registry, FileStream output, long time)
    {
        var stamp = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {time}\n"));
        using var snapshot = registry.Snapshot(ExpositionFormat.Text);
        using var whole = new MemoryStream((int)snapshot.Length);
        foreach (var piece in snapshot.Pieces)
        {
            whole.Write(piece.Span);
        }

        var rest = whole.GetBuffer().AsSpan(0, (int)whole.Length);
        while (rest.IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = rest[..length];
            rest = rest[(length + 1)..];
            if (line.IsEmpty || line[0] == (byte)'#')
            {
                continue;
            }

            var name = line.IndexOfAny((byte)'{', (byte)' ');
            if (IsDropped(Encoding.ASCII.GetString(line[..name])))
            {
                continue;
            }

            output.Write(line[..name]);
            output.Write("{job=\"runner-metrics\",instance=\"exporter:9091\""u8);
            output.Write(line[name] == (byte)'{' ? ","u8 : "}"u8);
            output.Write(line[name] == (byte)'{' ? line[(name + 1)..] : line[name..]);
            output.Write(stamp);
            Samples++;
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

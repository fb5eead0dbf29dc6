using System.Diagnostics;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Testing;

/// <summary>Prometheus's own check of what is to be scraped.</summary>
internal static class Promtool
{
    private const string Missing = "promtool is not on this machine: run ./test.sh, or apt-get install prometheus";

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);

    public static async Task CheckAsync(MetricRegistry registry, CancellationToken cancellation)
    {
        Assert.SkipUnless(Program is not null, Missing);
        using var promtool = Process.Start(new ProcessStartInfo(Program!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = promtool.StandardOutput.ReadToEndAsync(cancellation);
        var errors = promtool.StandardError.ReadToEndAsync(cancellation);
        using (var snapshot = registry.Snapshot(ExpositionFormat.Text))
        {
            foreach (var piece in snapshot.Pieces)
            {
                await promtool.StandardInput.BaseStream.WriteAsync(piece, cancellation);
            }
        }

        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(cancellation);
        Assert.Equal((0, "", ""), (promtool.ExitCode, await output, await errors));
    }
}

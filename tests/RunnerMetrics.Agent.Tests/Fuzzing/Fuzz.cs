using System.Diagnostics;
using System.Globalization;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Fuzzing;

/// <summary>
/// Reads inputs that are corrupted at random, each by a seed of its own. None may throw, take long or allocate much; what fails is told with its seed, and read alone where
/// RUNNER_METRICS_FUZZ_SEED names it.
/// </summary>
internal static class Fuzz
{
    private const int MostFailures = 5;

    // CPU time of the reading thread alone: neither a busy machine nor other tests of this process count.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly int? Only =
        int.TryParse(Environment.GetEnvironmentVariable("RUNNER_METRICS_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : null;

    /// <summary>Whether all inputs are read, and not the one whose seed was named.</summary>
    public static bool ReadsAll => Only is null;

    /// <summary>Reads so many inputs.</summary>
    /// <param name="inputs">How many.</param>
    /// <param name="mostAllocated">How many bytes one of them may allocate while it is read.</param>
    /// <param name="spoil">Makes an input.</param>
    /// <param name="read">Reads it, and throws where that goes wrong.</param>
    public static async Task RunAsync<T>(int inputs, long mostAllocated, Func<Random, T> spoil, Action<T, Random> read)
    {
        var run = new Run<T>(Only is { } seed ? [seed] : [.. Enumerable.Range(0, inputs)], mostAllocated, spoil, read);

        // An input that hangs is left behind in it.
        new Thread(run.ReadAll) { IsBackground = true, Name = nameof(Fuzz) }.Start();
        await run.WatchAsync();
    }

    private sealed class Run<T>(int[] seeds, long mostAllocated, Func<Random, T> spoil, Action<T, Random> read)
    {
        private readonly TaskCompletionSource<string> _failures = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _seed;
        private volatile string? _thread;

        public void ReadAll()
        {
            _thread = OperatingSystem.IsLinux() ? $"/proc/{new FileInfo("/proc/thread-self").LinkTarget}/stat" : null;
            var failures = new List<string>();
            foreach (var seed in seeds)
            {
                Volatile.Write(ref _seed, seed);
                if (Read(seed) is { } failure)
                {
                    failures.Add($"Seed {seed}: {failure}");
                    if (failures.Count == MostFailures)
                    {
                        break;
                    }
                }
            }

            _failures.SetResult(string.Join('\n', failures));
        }

        public async Task WatchAsync()
        {
            var (seed, began, used) = (-1, 0L, TimeSpan.Zero);
            while (!_failures.Task.IsCompleted)
            {
                await Task.WhenAny(_failures.Task, Task.Delay(TimeSpan.FromSeconds(1)));
                if (seed != Volatile.Read(ref _seed))
                {
                    (seed, began, used) = (Volatile.Read(ref _seed), Stopwatch.GetTimestamp(), Used);
                }
                else if (!_failures.Task.IsCompleted)
                {
                    Assert.False(Used - used > Longest || Stopwatch.GetElapsedTime(began) > Patience.Limit, $"Seed {seed}: it is read for {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s.");
                }
            }

            var failures = await _failures.Task;
            Assert.True(failures.Length == 0, failures);
        }

        // Known on Linux only, while the thread runs. Elsewhere only Patience.Limit ends a read.
        private TimeSpan Used
        {
            get
            {
                try
                {
                    return _thread is { } thread ? ThreadTime(File.ReadAllText(thread)) : TimeSpan.Zero;
                }
                catch (IOException)
                {
                    return TimeSpan.Zero;
                }
            }
        }

        // "1240 (Fuzz) R 1 …": of what follows the name, the twelfth is the time in the program and the thirteenth that in the kernel, in hundredths of a second (proc(5)).
        private static TimeSpan ThreadTime(string stat)
        {
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
        }

        private string? Read(int seed)
        {
            var random = new Random(seed);
            long before;
            try
            {
                var input = spoil(random);
                before = GC.GetAllocatedBytesForCurrentThread();
                read(input, random);
            }
            catch (Exception failure)
            {
                return failure.ToString();
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated > mostAllocated ? $"it allocates {allocated} bytes, more than {mostAllocated}." : null;
        }
    }
}

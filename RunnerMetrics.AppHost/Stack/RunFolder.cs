using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>What one run of the stack leaves on this machine while it runs: orders to runners, secrets, configuration that is written for it. It is made when the stack starts, and is gone when it ends.</summary>
internal sealed class RunFolder : IHostedService, IDisposable, IAsyncDisposable
{
    private const string Prefix = "runner-metrics-stack-";

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(250);

    private RunFolder()
    {
    }

    /// <summary>Its path; nothing is there before the stack starts.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Gives a stack its folder.</summary>
    public static RunFolder AddTo(IDistributedApplicationBuilder builder)
    {
        var folder = new RunFolder();
        builder.Services.AddHostedService(_ => folder);
        return folder;
    }

    /// <summary>A path in it.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes a folder in it.</summary>
    public string Create(params string[] parts)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Only the user who runs the stack reads its secrets.
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Directory.CreateDirectory(this[parts]).FullName;
    }

    /// <summary>Writes a file in it, which only the user who runs the stack reads.</summary>
    public async Task WriteAsync(string name, string text, CancellationToken cancelled)
    {
        Create();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(this[name], options);
        await writer.WriteAsync(text.AsMemory(), cancelled);
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken)
    {
        RemoveAbandoned();
        return Task.CompletedTask;
    }

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => TryRemove(Path);

    /// <summary>Removes it, and again for as long as a program that is being stopped writes its last files there; what is left after 5 s, the next start removes.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var look = 0; look < 20 && Directory.Exists(Path); look++)
        {
            TryRemove(Path);
            await Task.Delay(LookAgainAfter);
        }
    }

    // A stack that was killed could not remove its own.
    private static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var process = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || IsAlive(id))
            {
                continue;
            }

            TryRemove(folder);
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is somebody else's, or is being written to.
        }
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>What one run of the stack leaves on this machine while it runs: orders to runners, secrets, configuration that is written for it. It is made when the stack starts, and is gone when it ends.</summary>
internal sealed class RunFolder : IHostedService, IDisposable
{
    private RunFolder()
    {
    }

    /// <summary>Its path; nothing is there before the stack starts.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"runner-metrics-stack-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");

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

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}

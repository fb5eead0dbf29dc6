using RunnerMetrics.EndToEnd.Tests.Containers;
using RunnerMetrics.Testing;

[assembly: AssemblyFixture(typeof(ContainerImages))]

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>
/// All images, built from their own Dockerfiles, once. No registry is needed: the base is a Debian of mmdebstrap's with the OpenSSL that .NET wants, and the SDK an image whose
/// <c>dotnet publish</c> hands out programs that were published on this machine.
/// </summary>
public sealed class ContainerImages : IDisposable
{
    private const string Base = "runner-metrics-test/base";
    private const string Sdk = "runner-metrics-test/sdk";
    private const string Dotnet = """
        #!/bin/sh
        set -eu
        while [ "$1" != --output ]; do case $1 in src/*) name=${1#src/RunnerMetrics.} ;; esac; shift; done
        mkdir -p "$2"
        cp /published/"$name"/* "$2"

        """;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _built = [];

    /// <summary>Builds an image where it is not built yet.</summary>
    /// <returns>Its name.</returns>
    internal async Task<string> BuildAsync(string dockerfile, CancellationToken cancelled)
    {
        var image = $"runner-metrics-test/{dockerfile.Replace('/', '-').ToLowerInvariant()}";
        await _gate.WaitAsync(cancelled);
        try
        {
            if (_built.Count == 0)
            {
                await BuildSdkAsync(cancelled);
            }

            if (_built.Add(image))
            {
                string[] go = dockerfile.EndsWith("go", StringComparison.Ordinal) ? ["--build-arg", "GO_VERSION=apt"] : [];
                await Docker.RunAsync(
                    cancelled,
                    [
                        "build", "--build-arg", $"BASE={Base}", "--build-arg", $"SDK={Sdk}", .. go,
                        "--file", Path.Combine(RepositoryFolder.Path, "src/runner-images", dockerfile), "--tag", image, RepositoryFolder.Path,
                    ]);
            }
        }
        finally
        {
            _gate.Release();
        }

        return image;
    }

    /// <summary>An image of a program of this machine, as the one of its makers is: started as nobody, with a wget for its health check.</summary>
    /// <returns>Its name.</returns>
    internal async Task<string> BuildStandInAsync(string name, string program, string dataFolder, CancellationToken cancelled)
    {
        var image = $"runner-metrics-test/{name}";
        await _gate.WaitAsync(cancelled);
        try
        {
            if (_built.Count == 0)
            {
                await BuildSdkAsync(cancelled);
            }

            if (_built.Add(image))
            {
                await BuildStandInAsync(image, name, program, dataFolder, cancelled);
            }
        }
        finally
        {
            _gate.Release();
        }

        return image;
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static async Task BuildStandInAsync(string image, string name, string program, string dataFolder, CancellationToken cancelled)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-images-");
        try
        {
            File.Copy(program, Path.Combine(folder.FullName, name));
            File.Copy("/bin/busybox", Path.Combine(folder.FullName, "busybox"));

            // Debian's Alertmanager has its templates beside it, not in it.
            var shared = Directory.CreateDirectory(Path.Combine(folder.FullName, "shared")).FullName;
            var templates = $"/usr/share/prometheus/{name}";
            foreach (var file in Directory.Exists(templates) ? Directory.EnumerateFiles(templates) : [])
            {
                File.Copy(file, Path.Combine(shared, Path.GetFileName(file)));
            }
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "Dockerfile"),
                $"""
                FROM {Base}
                COPY {name} /bin/{name}
                COPY busybox /bin/busybox
                COPY shared {templates}
                RUN ln -s busybox /bin/wget && mkdir {dataFolder} && chown 65534:65534 {dataFolder}
                USER 65534:65534
                VOLUME {dataFolder}
                ENTRYPOINT ["/bin/{name}"]

                """,
                cancelled);
            await Docker.RunAsync(cancelled, "build", "--tag", image, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task BuildSdkAsync(CancellationToken cancelled)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-images-");
        try
        {
            if ((await Docker.RunAsync("docker", ["image", "inspect", Base], cancelled)).ExitCode != 0)
            {
                var archive = Path.Combine(folder.FullName, "base.tar");
                var (exitCode, said) = await Docker.RunAsync("mmdebstrap", ["--quiet", "--variant=minbase", "--include=libssl3", "bookworm", archive], cancelled);
                Assert.True(exitCode == 0, $"mmdebstrap ended with {exitCode}: {said}");
                await Docker.RunAsync(cancelled, "import", archive, Base);
                File.Delete(archive);
            }

            foreach (var name in (string[])["Agent", "Exporter", "Simulator"])
            {
                var (exitCode, said) = await Docker.RunAsync(
                    "dotnet", ["publish", Path.Combine(RepositoryFolder.Path, $"src/RunnerMetrics.{name}"), "--output", Path.Combine(folder.FullName, "published", name), "-v", "q"], cancelled);
                Assert.True(exitCode == 0, $"dotnet publish of {name} ended with {exitCode}: {said}");
            }

            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "dotnet"), Dotnet, cancelled);
            await Docker.RunAsync("chmod", ["755", Path.Combine(folder.FullName, "dotnet")], cancelled);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Dockerfile"), $"FROM {Base}\nCOPY dotnet /usr/local/bin/dotnet\nCOPY published /published\n", cancelled);
            await Docker.RunAsync(cancelled, "build", "--tag", Sdk, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

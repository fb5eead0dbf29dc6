using System.Reflection;
using System.Security.Cryptography;
using RunnerMetrics.Exporter.Access;
using RunnerMetrics.Exporter.Api;

namespace RunnerMetrics.Exporter.Web;

/// <summary>The embedded files of the page. They hold nothing of the fleet, so everybody gets them.</summary>
internal sealed class Assets
{
    private const string Prefix = "assets/";

    private readonly Dictionary<string, byte[]> _files;

    public Assets()
    {
        var assembly = typeof(Assets).Assembly;
        _files = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..], name => Read(assembly, name), StringComparer.Ordinal);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, content) in _files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            all.AppendData(content);
        }

        Version = Convert.ToHexStringLower(all.GetHashAndReset())[..12];
    }

    /// <summary>Changes with any of the files, and stands in their addresses: so a browser need not ask whether it has the right ones.</summary>
    public string Version { get; }

    /// <summary>Answers <c>/assets/{version}/{file}</c>, and <c>/assets/{file}</c> and <c>/favicon.svg</c> without a version.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        var name = context.Request.RouteValues["file"] as string ?? "favicon.svg";
        if (!_files.TryGetValue(name, out var content))
        {
            await context.RefuseAsync(StatusCodes.Status404NotFound, $"There is no such file: {string.Join(", ", _files.Keys.Order(StringComparer.Ordinal))} are there.");
            return;
        }

        SignInPage.Protect(context.Response);
        var isLasting = context.Request.RouteValues["version"] as string == Version;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.CacheControl = isLasting ? "public, max-age=31536000, immutable" : "no-cache";
            return Task.CompletedTask;
        });
        await context.SendAsync(content, TypeOf(name));
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}

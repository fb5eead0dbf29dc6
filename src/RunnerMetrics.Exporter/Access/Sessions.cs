using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Access;

/// <summary>
/// Who has signed in. Nothing is kept of it: a session is a cookie that says when it ends, authenticated with the token that it was begun with. So it outlives the exporter's restart, and ends when that
/// token is taken out of the file.
/// </summary>
internal sealed class Sessions(ReadTokens tokens, TimeProvider time)
{
    /// <summary>The cookie's name.</summary>
    public const string Cookie = "runner_metrics_session";

    private const int EndBytes = sizeof(long), NonceBytes = 8;

    /// <summary>A working day.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>Begins a session with a token's hash.</summary>
    public void Begin(HttpContext context, byte[] tokenHash)
    {
        var head = new byte[EndBytes + NonceBytes];
        var ends = time.GetUtcNow() + Longest;
        BinaryPrimitives.WriteInt64LittleEndian(head, ends.ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(head.AsSpan(EndBytes));
        context.Response.Cookies.Append(Cookie, WebEncoders.Base64UrlEncode([.. head, .. Authenticate(tokenHash, head)]), OptionsFor(context.Request, Longest));
    }

    /// <summary>Ends the session of whoever asks.</summary>
    public static void End(HttpContext context) => context.Response.Cookies.Append(Cookie, "", OptionsFor(context.Request, TimeSpan.Zero));

    /// <summary>Whether a request comes with a session that holds.</summary>
    public bool IsSignedIn(HttpRequest request)
    {
        if (request.Cookies[Cookie] is not { Length: > 0 and < 256 } text || Decode(text) is not { } session)
        {
            return false;
        }

        var head = session.AsSpan(0, EndBytes + NonceBytes);
        if (BinaryPrimitives.ReadInt64LittleEndian(head) <= time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return false;
        }

        var isGood = false;
        foreach (var hash in tokens.Hashes())
        {
            isGood |= CryptographicOperations.FixedTimeEquals(Authenticate(hash, head), session.AsSpan(EndBytes + NonceBytes));
        }

        return isGood;
    }

    private static byte[] Authenticate(byte[] tokenHash, ReadOnlySpan<byte> head) => HMACSHA256.HashData(tokenHash.AsSpan(), (ReadOnlySpan<byte>)[.. "session of RunnerMetrics\n"u8, .. head]);

    private static byte[]? Decode(string text)
    {
        try
        {
            return WebEncoders.Base64UrlDecode(text) is { Length: EndBytes + NonceBytes + HMACSHA256.HashSizeInBytes } session ? session : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static CookieOptions OptionsFor(HttpRequest request, TimeSpan age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps || request.Headers["X-Forwarded-Proto"] == "https",
        Path = "/",
        MaxAge = age,
        IsEssential = true,
    };
}

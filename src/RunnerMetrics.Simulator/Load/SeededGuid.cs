using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Simulator.Load;

/// <summary>GUIDs that come out the same for the same seed, or the same names.</summary>
internal static class SeededGuid
{
    /// <summary>The next GUID of a seeded sequence.</summary>
    public static string Next(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return Version(bytes, 4).ToString();
    }

    /// <summary>The GUID of a name: like GitHub's job ids, it comes back whenever the name does.</summary>
    public static Guid Of(params ReadOnlySpan<string> names)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names)));
        return Version(hash.AsSpan(0, 16), 5);
    }

    private static Guid Version(Span<byte> bytes, byte version)
    {
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

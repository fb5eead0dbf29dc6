using System.Buffers;
using System.Text;

namespace RunnerMetrics.Grpc;

/// <summary>The percent-encoding of <c>grpc-message</c>: UTF-8, printable ASCII but '%' as it is, e.g. <c>Datentr%C3%A4ger voll</c>.</summary>
internal static class StatusMessage
{
    /// <summary>Clients commonly refuse more than 8 KiB of headers in all; a longer message is cut, between characters.</summary>
    public const int MaxEncodedLength = 4096;

    private static readonly SearchValues<char> Unescaped =
        SearchValues.Create(" !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string? message)
    {
        message ??= "";
        if (message.Length <= MaxEncodedLength && !message.AsSpan().ContainsAnyExcept(Unescaped))
        {
            return message;
        }

        var encoded = new StringBuilder(Math.Min(message.Length * 2, MaxEncodedLength));
        Span<byte> utf8 = stackalloc byte[4];
        // Lone surrogates come out as U+FFFD.
        foreach (Rune rune in message.EnumerateRunes())
        {
            bool asItIs = rune.IsAscii && Unescaped.Contains((char)rune.Value);
            int length = rune.EncodeToUtf8(utf8);
            if (encoded.Length + (asItIs ? 1 : length * 3) > MaxEncodedLength)
            {
                break;
            }

            if (asItIs)
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (byte value in utf8[..length])
            {
                encoded.Append('%').Append(HexDigit(value >> 4)).Append(HexDigit(value & 0xF));
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes what a server sent. As gRPC asks, nothing fails: a broken escape stays as it is, broken UTF-8 becomes U+FFFD.</summary>
    /// <param name="encoded">The header's value; HttpClient gives one char for each byte.</param>
    public static string Decode(string encoded)
    {
        byte[] bytes = new byte[encoded.Length];
        int length = 0;
        for (int i = 0; i < encoded.Length; i++)
        {
            char c = encoded[i];
            if (c == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                bytes[length++] = (byte)((HexValue(encoded[i + 1]) << 4) | HexValue(encoded[i + 2]));
                i += 2;
                continue;
            }

            bytes[length++] = c <= byte.MaxValue ? (byte)c : (byte)'?';
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static char HexDigit(int value) => "0123456789ABCDEF"[value];

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

using System.Buffers.Binary;
using System.Text;
using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Tests.Spool;

public class FrameTests
{
    // RFC 3720, B.4, and the check value that every catalogue of CRCs gives for CRC-32C.
    [Theory]
    [InlineData("313233343536373839", 0xE3069283)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62A8AB43)]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0x46DD794E)]
    [InlineData("1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100", 0x113FDB5C)]
    public void SlowChecksum_KnownVectors_AreCrc32C(string bytes, uint expected) =>
        Assert.Equal(expected, SlowCrc32C(Convert.FromHexString(bytes)));

    [Fact]
    public void Checksum_EveryLength_IsCrc32COfLengthAndPayload()
    {
        var random = new Random(7);
        for (var length = 0; length < 100; length++)
        {
            var payload = new byte[length];
            random.NextBytes(payload);
            var both = new byte[sizeof(int) + length];
            BinaryPrimitives.WriteInt32LittleEndian(both, length);
            payload.CopyTo(both, sizeof(int));

            Assert.Equal(SlowCrc32C(both), Frame.Checksum(length, payload));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void TryRead_WhatWriteHeaderFramed_GivesThePayload(int length)
    {
        var payload = Encoding.ASCII.GetBytes(new string('x', length));
        var frame = FrameOf(payload);

        Assert.True(Frame.TryRead([.. frame, 1, 2, 3], out var read, out var frameLength));
        Assert.Equal(payload, read.ToArray());
        Assert.Equal(frame.Length, frameLength);
    }

    [Fact]
    public void TryRead_EveryPrefix_IsNoFrame()
    {
        var frame = FrameOf("payload"u8);
        for (var length = 0; length < frame.Length; length++)
        {
            Assert.False(Frame.TryRead(frame.AsSpan(0, length), out _, out _));
        }
    }

    [Fact]
    public void TryRead_EveryFlippedBit_IsNoFrame()
    {
        var frame = FrameOf("payload"u8);
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Frame.TryRead(frame, out _, out _), $"bit {bit}");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Frame.MaxPayload + 1)]
    [InlineData(int.MaxValue)]
    public void TryRead_LengthThatCannotBe_IsNoFrame(int length)
    {
        var frame = FrameOf("payload"u8);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), length);

        Assert.False(Frame.TryRead(frame, out _, out _));
    }

    internal static byte[] FrameOf(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[Frame.HeaderLength + payload.Length];
        payload.CopyTo(frame.AsSpan(Frame.HeaderLength));
        Frame.WriteHeader(frame);
        return frame;
    }

    private static uint SlowCrc32C(byte[] bytes)
    {
        const uint Reflected = 0x82F63B78;
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ Reflected : crc >> 1;
            }
        }

        return ~crc;
    }
}

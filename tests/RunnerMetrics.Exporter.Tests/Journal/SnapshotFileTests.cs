using System.Buffers.Binary;
using System.Numerics;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

public class SnapshotFileTests
{
    private readonly PowerCutFolder _disk = new();

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public void Read_WhatWasWritten_IsTheSame(int length)
    {
        var state = new byte[length];
        new Random(length).NextBytes(state);
        SnapshotFile.Write(_disk, 7, writer => writer.Write(state));
        byte[]? read = null;
        Assert.True(SnapshotFile.TryRead(_disk, 7, reader => read = reader.ReadBytes(length + 1), out _));

        Assert.Equal(state, read);
        Assert.Equal([FileNames.Snapshot(7)], _disk.List());
    }

    [Fact]
    public void Read_EveryFlippedBitAndEveryPrefix_IsDamage()
    {
        SnapshotFile.Write(_disk, 1, writer => writer.Write("a state"));
        var good = _disk[FileNames.Snapshot(1)];
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var flipped = (byte[])good.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertDamaged(flipped);
        }

        for (var length = 0; length < good.Length; length++)
        {
            AssertDamaged(good[..length]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_SnapshotOfALaterFormat_IsRefusedAndLeftAlone(bool repair)
    {
        SnapshotFile.Write(_disk, 1, writer => writer.Write("a state"));
        var later = _disk[FileNames.Snapshot(1)];
        later["RMsnapshot".Length] = 2;
        var crc = uint.MaxValue;
        foreach (var b in later.AsSpan(..^sizeof(uint)))
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(later.AsSpan(later.Length - sizeof(uint)), ~crc);

        var problem = Assert.Throws<StorageException>(() => Commits.Open(_disk, repair));

        Assert.Equal(
            $"/disk/{FileNames.Snapshot(1)} has the format version 2, and this program knows 1: run the version that wrote it, or a later one", problem.Message);
        Assert.Equal([FileNames.Snapshot(1)], _disk.List());
    }

    [Fact]
    public void Write_DiskFull_LeavesNothingBehind()
    {
        var disk = new FaultyFolder(_disk) { Room = 100_000 };

        var full = Assert.Throws<IOException>(() => SnapshotFile.Write(disk, 1, writer => writer.Write(new byte[200_000])));

        Assert.Equal(FaultyFolder.NoSpace, full.HResult);
        Assert.Empty(_disk.List());
    }

    private void AssertDamaged(byte[] bytes)
    {
        _disk[FileNames.Snapshot(1)] = bytes;
        Assert.False(SnapshotFile.TryRead(_disk, 1, _ => Assert.Fail("A damaged snapshot was taken for a sound one."), out _));
    }
}

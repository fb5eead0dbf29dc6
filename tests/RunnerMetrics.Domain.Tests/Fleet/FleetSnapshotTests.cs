using Google.Protobuf;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Fleet.Saved;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Tests.Support;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>Who can read which snapshot; what is in one is held by the tests of restarts.</summary>
public sealed class FleetSnapshotTests : IDisposable
{
    private readonly FleetScenario _fleet = new();

    public FleetSnapshotTests()
    {
        _fleet.Beat(0);
        _fleet.End("a", 60, from: 10);
        _fleet.End("b", 90, JobConclusion.Failed);
        _fleet.Wait(10, 3);
    }

    [Fact]
    public void Load_LaterVersionThatThisOneCanRead_LeavesOutWhatItDoesNotKnow()
    {
        var pieces = Pieces();
        pieces[0].Header.Version = 9;

        // Field 4000 of a message, and a piece of a kind, that this version does not have.
        var unknown = new byte[] { 0x82, 0xFA, 0x01, 0x02, 0x08, 0x01 };
        pieces.Insert(1, Piece.Parser.ParseFrom(unknown));
        var runner = pieces.FindIndex(piece => piece.KindCase == Piece.KindOneofCase.Runner);
        pieces[runner] = new Piece { Runner = Runner.Parser.ParseFrom([.. pieces[runner].Runner.ToByteArray(), .. unknown]) };

        Assert.Equal(_fleet.Scrape(format: ExpositionFormat.OpenMetrics).Text, TextOf(pieces));
    }

    [Fact]
    public void Load_LaterVersionThatThisOneCannotRead_SaysWhichCan()
    {
        var pieces = Pieces();
        pieces[0].Header.MinimumReaderVersion = 7;
        pieces[0].Header.Version = 9;

        var refusal = Assert.Throws<InvalidDataException>(() => TextOf(pieces));

        Assert.Equal(
            "the state has version 9, which versions from 7 on can read, and this program supports 1: run the version that wrote it, or a later one", refusal.Message);
    }

    [Fact]
    public void Load_NoHeader_IsRefused() =>
        Assert.Contains("does not say which version", Assert.Throws<InvalidDataException>(() => TextOf(Pieces()[1..])).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_EndMissingOrNotTheLast_IsRefused()
    {
        var pieces = Pieces();

        Assert.Throws<InvalidDataException>(() => TextOf(pieces[..^1]));
        Assert.Throws<InvalidDataException>(() => TextOf([.. pieces, pieces[1]]));
    }

    [Fact]
    public void Load_CutAnywhere_IsRefused()
    {
        using var state = new MemoryStream();
        _fleet.Fleet.Save(state);
        var bytes = state.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            using var registry = new MetricRegistry();
            using var cut = new MemoryStream(bytes, 0, length);
            Assert.Throws<InvalidDataException>(() => new FleetState(registry, _fleet.Options).Load(cut));
        }
    }

    [Fact]
    public void Load_BucketsThatDiffer_IsRefused()
    {
        var pieces = Pieces();
        pieces.Single(piece => piece.KindCase == Piece.KindOneofCase.Runner).Runner.OwnSeries.Jobs.Conclusions[0].Duration.Counts.Add(1);

        Assert.Contains("github_runner_job_duration_seconds has", Assert.Throws<InvalidDataException>(() => TextOf(pieces)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _fleet.Dispose();

    private List<Piece> Pieces()
    {
        using var state = new MemoryStream();
        _fleet.Fleet.Save(state);
        state.Position = 0;
        var pieces = new List<Piece>();
        while (state.Position < state.Length)
        {
            pieces.Add(Piece.Parser.ParseDelimitedFrom(state));
        }

        return pieces;
    }

    private string TextOf(IEnumerable<Piece> pieces)
    {
        using var state = new MemoryStream();
        foreach (var piece in pieces)
        {
            piece.WriteDelimitedTo(state);
        }

        state.Position = 0;
        using var registry = new MetricRegistry();
        new FleetState(registry, _fleet.Options).Load(state);
        return Scraped.From(registry, ExpositionFormat.OpenMetrics).Text;
    }
}

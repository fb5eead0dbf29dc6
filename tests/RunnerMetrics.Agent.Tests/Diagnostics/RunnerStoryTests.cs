using System.Globalization;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Random histories of a _diag that many processes write to: read once and followed, they tell what the model knows, and the same.</summary>
public class RunnerStoryTests
{
    private const int Stories = 150;

    [Fact]
    public void Follow_ProcessesInterleaved_TellsWhatTheModelKnows() => AssertStories(first: 0, setsClock: false, showsLocks: true, restarts: false);

    [Fact]
    public void Follow_ProcessesInterleavedAndNoLocks_TellsWhatTheModelKnows() => AssertStories(first: 1000, setsClock: false, showsLocks: false, restarts: false);

    [Fact]
    public void Follow_ClockSetAtRandom_TellsWhatTheModelKnows() => AssertStories(first: 2000, setsClock: true, showsLocks: true, restarts: false);

    [Fact]
    public void Follow_AgentRestartedAtRandom_TellsWhatTheModelKnows() => AssertStories(first: 3000, setsClock: false, showsLocks: true, restarts: true);

    [Fact]
    public void Follow_ClockSetAndAgentRestartedAtRandom_TellsWhatTheModelKnows() => AssertStories(first: 4000, setsClock: true, showsLocks: true, restarts: true);

    // The clock passes the same seconds twice, and two logs that nobody holds end when a page was made: the job that the page is about tells whose it is.
    [Theory]
    [InlineData(2253)]
    [InlineData(2814)]
    public void Read_TwoLogsEndWhereAPageBegins_TellsWhatTheModelKnows(int seed) => AssertStory(seed, setsClock: true, showsLocks: true, restarts: false);

    // A page that nobody has yet, because another log waits for its worker: its own log looks as if its process were gone.
    [Theory]
    [InlineData(20288)]
    [InlineData(21519)]
    [InlineData(27101)]
    [InlineData(28710)]
    public void Follow_PageWaitsForItsLog_TellsWhatTheModelKnows(int seed) => AssertStory(seed, setsClock: true, showsLocks: true, restarts: true);

    private static void AssertStories(int first, bool setsClock, bool showsLocks, bool restarts)
    {
        for (var seed = first; seed < first + Stories; seed++)
        {
            AssertStory(seed, setsClock, showsLocks, restarts);
        }
    }

    private static void AssertStory(int seed, bool setsClock, bool showsLocks, bool restarts)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        var folder = new MemoryFolder { Held = showsLocks ? new HashSet<string>(StringComparer.Ordinal) : null };
        var story = new RunnerStory(seed, setsClock).Start(random.Next(1, 4));
        var tail = folder.Follow(time: time);
        var events = new List<DiagEvent>();
        var often = random.Next(1, 12);
        for (var step = 0; !story.IsOver; step++)
        {
            Assert.True(step < 20_000, $"Story {seed} does not end.");
            var before = story.State;
            story.Step(folder);
            time.Advance(TimeSpan.FromSeconds(random.Next(2)));

            // One that is gone before anybody looked was never seen to hold its log; that it grew is all that is known, and that tells for a while.
            if (random.Next(often) == 0 || (before, story.State) is ("offline", "idle"))
            {
                tail.Read(events, int.MaxValue, final: false);
            }

            if (showsLocks && random.Next(50) == 0)
            {
                // A lock must be seen free twice, and a worker that does not come is waited for, once a job.
                Pass(40);
                AssertEqual(story.State, StateOf(tail), "state");
            }

            if (restarts && random.Next(60) == 0)
            {
                var checkpoint = tail.Checkpoint;
                tail.Dispose();
                tail = folder.Follow(checkpoint, time);
            }
        }

        Pass(60);
        if (showsLocks)
        {
            AssertEqual(story.State, StateOf(tail), "state in the end");
        }

        tail.Dispose();
        var known = string.Join('\n', story.Jobs.Select(job => $"{job.Key} {job.Value}").Order(StringComparer.Ordinal));
        AssertEqual(known, Jobs(events), "jobs that were followed");
        AssertEqual(known, Jobs(folder.ReadOnce()), "jobs that were read once");

        void Pass(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                tail.Read(events, int.MaxValue, final: false);
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        void AssertEqual(string expected, string actual, string what) =>
            Assert.True(expected == actual, $"Story {seed}: {what} should be\n{expected}\nbut was\n{actual}");
    }

    private static string StateOf(DiagTail tail) => tail.LivingLife switch
    {
        // What tries in vain to listen where nobody does is as good as none.
        null or { DisconnectedUntil: not null } => "offline",
        { Busy: true } => "busy",
        _ => "idle",
    };

    // A place in front of a job that runs makes it be told again, with the same ids.
    private static string Jobs(IEnumerable<DiagEvent> events) => string.Join('\n', events.OfType<JobEnded>()
        .Select(ended => string.Create(CultureInfo.InvariantCulture, $"{ended.Job.JobId} {ended.Job.StartedAt:u} {new[] { ended }.Verdicts()[0]}"))
        .Distinct().Order(StringComparer.Ordinal));
}

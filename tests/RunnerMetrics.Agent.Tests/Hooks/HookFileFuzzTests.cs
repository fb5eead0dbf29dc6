using System.Text;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Tests.Diagnostics;
using RunnerMetrics.Agent.Tests.Fuzzing;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>A hook folder's files, corrupted at random: each is used or removed, and what is made of them is events that a collector takes.</summary>
public sealed class HookFileFuzzTests : IDisposable
{
    private const long MostAllocated = 8 * 1024 * 1024;

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 22, 43, TimeSpan.Zero);
    private static readonly RunnerSettings Settings = RunnerSettings.Unknown with { Name = Scenario.RunnerName };
    private static readonly EventFactory Factory = new(Settings, "standard");

    private readonly TemporaryFolder _folder = new();
    private readonly byte[][] _seeds;
    private int _enriched;
    private int _reported;

    public HookFileFuzzTests()
    {
        new CacheReport("seed", Start, "npm", new CacheCount(3, 4, 5)).Write(_folder.Path);
        _seeds = [Encoding.UTF8.GetBytes(HookReportTests.Whole), Encoding.UTF8.GetBytes(HookReportTests.Whole.Replace("started", "completed", StringComparison.Ordinal)), File.ReadAllBytes(_folder.File("seed.cache"))];
        File.Delete(_folder.File("seed.cache"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Refresh_SpoiltFiles_AreUsedOrRemoved()
    {
        await Fuzz.RunAsync(LongProof.Of(5_000, 100_000), MostAllocated, Spoil, (_, _) =>
        {
            using var log = new MemoryLogger();
            var time = new ManualTimeProvider(Start + TimeSpan.FromMinutes(1));
            var hooks = new HookReader(new HookFolder(_folder.Path, time, log), time);
            foreach (var report in hooks.Refresh(takesReports: true))
            {
                _reported++;
                ContractLimits.Check(Factory.From(report, null));
            }

            var job = new JobFacts { RunnerName = Scenario.RunnerName, JobKey = "key", JobId = Guid.Empty.ToString(), StartedAt = Start, Name = "build" };
            var ended = (JobEnded)hooks.Enrich(new JobEnded(job, JobVerdict.Success, Start + TimeSpan.FromMinutes(1), null));
            _enriched += ended.Job.Repository.Length > 0 ? 1 : 0;
            ContractLimits.Check(Factory.From(hooks.Enrich(new JobBegan(job with { RunId = 1001 }, null))));
            ContractLimits.Check(Factory.From(ended));
            hooks.Settle();
            hooks.Answer(isDelivered: true);
            Directory.GetFiles(_folder.Path).ToList().ForEach(File.Delete);
        });
        Assert.True((_enriched > 100 && _reported > 100) || !Fuzz.ReadsAll, $"{_enriched} jobs learnt something and {_reported} reports were taken: the files are spoilt too much.");
    }

    private bool Spoil(Random random)
    {
        for (var files = random.Next(1, 4); files > 0; files--)
        {
            var kind = random.Next(_seeds.Length);
            var name = random.Next(8) == 0 ? $"\u0001{new string('ü', random.Next(60))}{(random.Next(2) == 0 ? JobEnrichment.Ending : CacheReport.TakenEnding)}"
                : kind < 2 ? $"job-{files}{JobEnrichment.Ending}" : $"cache-{new string((char)('0' + files), 32)}{CacheReport.Ending}";
            File.WriteAllBytes(_folder.File(name), random.Next(4) == 0 ? _seeds[kind] : Spoilt.Of(_seeds[kind], _seeds[random.Next(_seeds.Length)], random));
        }

        return true;
    }
}

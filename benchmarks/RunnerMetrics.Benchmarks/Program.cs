using RunnerMetrics.Benchmarks;

return args switch
{
    ["scrape", .. var rest] => await ScrapeBenchmark.RunAsync(Runners(rest)),
    ["ingest"] => await IngestBenchmark.RunAsync(),
    ["durable", var program] => await DurabilityBenchmark.RunAsync(program),
    ["restart", var program] => await RestartBenchmark.RunAsync(program),
    ["store", .. var rest] => await StoreBenchmark.RunAsync(rest is [var jobs] ? int.Parse(jobs, null) : 1_000_000),
    ["webhooks", var program] => await WebhookBenchmark.RunAsync(program),
    ["traces", var program, var seconds] => await TracesBenchmark.RunAsync(program, TimeSpan.FromSeconds(int.Parse(seconds, null))),
    ["resident", var program, var runners, var seconds] => await ResidentBenchmark.RunAsync(program, int.Parse(runners, null), TimeSpan.FromSeconds(int.Parse(seconds, null))),
    ["siege", var program] => await SiegeBenchmark.RunAsync(program),
    ["churn", var program, var minutes] => await ChurnBenchmark.RunAsync(program, TimeSpan.FromMinutes(int.Parse(minutes, null))),
    ["diag", .. var rest] => await DiagBenchmark.RunAsync(rest is [var megabytes] ? int.Parse(megabytes, null) : 100),
    ["agent", var agent, var minutes] => await AgentBenchmark.RunAsync(agent, null, TimeSpan.FromMinutes(int.Parse(minutes, null))),
    ["agent", var agent, var exporter, var minutes, var listeners, var files] => await AgentBenchmark.RunAsync(
        agent, exporter, TimeSpan.FromMinutes(int.Parse(minutes, null)), int.Parse(listeners, null), int.Parse(files, null)),
    ["agent", var agent, var exporter, var minutes] => await AgentBenchmark.RunAsync(agent, exporter, TimeSpan.FromMinutes(int.Parse(minutes, null))),
    ["dashboards", var folder, var seconds, .. var rest] => await DashboardBenchmark.RunAsync(folder, TimeSpan.FromSeconds(int.Parse(seconds, null)), rest is [var kept] ? kept : null),
    ["storage", var runners, var minutes] => await StorageBenchmark.RunAsync(int.Parse(runners, null), TimeSpan.FromMinutes(int.Parse(minutes, null))),
    ["compare", var older, var newer, .. var rest] => await CompareBenchmark.RunAsync(older, newer, TimeSpan.FromSeconds(rest is [var seconds] ? int.Parse(seconds, null) : 60)),
    ["hotpath"] => await HotPathBenchmark.RunAsync(),
    ["ready", var bytes] => await BenchmarkServer.RunReadyBytesAsync(bytes),
    ["serve", var runners, var bytes] => await BenchmarkServer.RunAsync(int.Parse(runners, null), bytes),
    _ => Usage(),
};

static int Runners(string[] rest) => rest is [var runners] ? int.Parse(runners, null) : 1000;

static int Usage()
{
    Console.Error.WriteLine("""
        Give one of:
          scrape [RUNNERS]   scrapes of 1000 runners beside Pushgateway and a server of ready bytes
          ingest             events a second over gRPC, without a disk
          durable PROGRAM    acknowledgements of a published exporter beside raw fsync, and with 10 ms added to each
          restart PROGRAM    the restart of a published exporter after a million jobs
          store [JOBS]       the store with and without history: events a second, an ack, the restart after so many jobs, disk, queries
          webhooks PROGRAM   signed deliveries a second, each on disk before it is answered, of a published exporter
          traces PROGRAM SECONDS
                             1,000 jobs a minute for so many seconds, and events at full speed, of a published exporter with traces and without
          resident PROGRAM RUNNERS SECONDS
                             memory and processor time of a published exporter
          siege EXPORTER     scrapes and durable ingest of a published exporter of 256 MB, alone and beside slow readers and a flood
          churn EXPORTER MINUTES
                             memory of a published exporter of 256 MB through which 50,000 runners go that take one job each
          compare OLDER NEWER [SECONDS]
                             two versions as tests/publish.sh publishes them: size, start, memory, processor time, scrapes, durable ingest
          diag [MEGABYTES]   an agent's way through 100 MB of a runner's logs beside a bare count of their lines
          dashboards FOLDER SECONDS [KEPT]
                             every query of the dashboards in a folder, over 30 days of 100 runners that are scraped so often, kept in a folder for another run
          storage RUNNERS MINUTES
                             bytes of a week on Prometheus's disk, with and without the buckets of each runner, from so many minutes
          hotpath            an increment and a timed section beside System.Diagnostics.Metrics' own
          agent AGENT [EXPORTER] MINUTES
                             how soon a job is seen, memory and processor time of a published agent; without an exporter, of runner-metrics-standalone
          agent AGENT EXPORTER MINUTES LISTENERS FILES
                             the same beside so many other processes that write a listener's log, in a _diag of so many older files
        """);
    return 2;
}

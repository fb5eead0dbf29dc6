using RunnerMetrics.Benchmarks;

return args switch
{
    ["scrape", .. var rest] => await ScrapeBenchmark.RunAsync(Runners(rest)),
    ["ingest"] => await IngestBenchmark.RunAsync(),
    ["diag", .. var rest] => await DiagBenchmark.RunAsync(rest is [var megabytes] ? int.Parse(megabytes, null) : 100),
    ["serve", var runners, var bytes] => await BenchmarkServer.RunAsync(int.Parse(runners, null), bytes),
    _ => Usage(),
};

static int Runners(string[] rest) => rest is [var runners] ? int.Parse(runners, null) : 1000;

static int Usage()
{
    Console.Error.WriteLine("""
        Give one of:
          scrape [RUNNERS]   scrapes of 1000 runners beside Pushgateway and a server of ready bytes
          ingest             events a second over gRPC
          diag [MEGABYTES]   an agent's way through 100 MB of a runner's logs beside a bare count of their lines
        """);
    return 2;
}

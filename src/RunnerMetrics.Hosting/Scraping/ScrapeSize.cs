namespace RunnerMetrics.Hosting.Scraping;

/// <summary>How large a scrape was.</summary>
/// <param name="Bytes">Its size, uncompressed.</param>
/// <param name="Samples">How many samples it held.</param>
public readonly record struct ScrapeSize(long Bytes, int Samples);

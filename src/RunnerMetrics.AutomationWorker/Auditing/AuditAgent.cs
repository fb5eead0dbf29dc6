using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Automation.Auditing;

namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>Audits a repository: new commits, completion markers in documents, coverage. One audit at a time; a failed analysis does not affect the others.</summary>
internal sealed class AuditAgent : IDisposable
{
    private readonly AuditOptions _options;
    private readonly AuditAgentMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Regex _marker;
    private readonly GitCommits _git;
    private readonly SemaphoreSlim _one = new(1);
    private readonly AuditState _state;
    private readonly long _madeAt;
    private long _endedAt;
    private bool _hasEnded;

    /// <exception cref="IOException">The state file cannot be read.</exception>
    /// <exception cref="JsonException">The state file holds something else.</exception>
    public AuditAgent(AuditOptions options, AuditAgentMetrics metrics, TimeProvider time, ILogger<AuditAgent> logger)
    {
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _marker = new Regex(options.Marker, RegexOptions.CultureInvariant, CompletionMarkers.LineLimit);
        _git = new GitCommits(options.Repository, time);
        _state = AuditState.Load(options.StateFile);
        _madeAt = time.GetTimestamp();
    }

    /// <summary>What is wrong with the last audit's age, or null: it is fresh for two of its intervals and a minute.</summary>
    public string? Problem
    {
        get
        {
            var hasEnded = Volatile.Read(ref _hasEnded);
            var age = _time.GetElapsedTime(hasEnded ? Volatile.Read(ref _endedAt) : _madeAt);
            return age <= (2 * _options.Every) + TimeSpan.FromMinutes(1)
                ? hasEnded ? null : "no audit yet"
                : $"the last audit ended {age.TotalSeconds:0} s ago";
        }
    }

    /// <summary>Audits now and then, until it is told to end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await AuditAsync(AuditTrigger.Schedule, stop);
                await Task.Delay(_options.Every, _time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Audits once, after one that is in progress.</summary>
    /// <exception cref="OperationCanceledException">It was told to end.</exception>
    public async Task<AuditFindings> AuditAsync(AuditTrigger trigger, CancellationToken cancelled)
    {
        await _one.WaitAsync(cancelled);
        try
        {
            AuditFindings findings;
            using (_metrics.TimeRun())
            {
                findings = await LookAsync(cancelled);
            }

            _metrics.RecordRun(trigger);
            Volatile.Write(ref _endedAt, _time.GetTimestamp());
            Volatile.Write(ref _hasEnded, true);
            WorkerLog.Audited(_logger, _options.Repository, findings.ToString().TrimEnd().Replace("\n", ", ", StringComparison.Ordinal));
            return findings;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<AuditFindings> LookAsync(CancellationToken cancelled)
    {
        int? commits = null;
        int? markers = null;
        double? coverage = null;
        var isCoverageRead = false;
        await AnalyseAsync(AuditErrors.Git, async () => commits = await CountCommitsAsync(cancelled));
        await AnalyseAsync(AuditErrors.Documents, () => Task.FromResult(markers = CountMarkers(cancelled)));
        await AnalyseAsync(AuditErrors.Coverage, () =>
        {
            coverage = CoberturaCoverage.Read(_options.Repository, _options.Coverage);
            return Task.FromResult(isCoverageRead = true);
        });
        _metrics.SetCoverage(coverage); // what cannot be read now is not measured
        Keep();
        return new AuditFindings(commits, markers, coverage, commits is not null && markers is not null && isCoverageRead);
    }

    private void Keep()
    {
        try
        {
            _state.Save(_options.StateFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _metrics.RecordError("state");
            WorkerLog.AnalysisFailed(_logger, "state", e.Message);
        }
    }

    private async Task AnalyseAsync(string name, Func<Task> analyse)
    {
        using var task = _metrics.BeginTask();
        using var timer = _metrics.TimeAnalysis();
        try
        {
            await analyse();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException or RegexMatchTimeoutException)
        {
            _metrics.RecordError(name);
            WorkerLog.AnalysisFailed(_logger, name, e.Message);
        }
    }

    private async Task<int> CountCommitsAsync(CancellationToken cancelled)
    {
        var tips = await _git.TipsAsync(cancelled);
        var before = _state.Tips;
        _state.Tips = tips; // also where counting fails: what cannot be compared is the new beginning
        var commits = before is null ? 0 : await _git.CountSinceAsync(before, tips, cancelled);
        _metrics.RecordCommits(commits);
        return commits;
    }

    private int CountMarkers(CancellationToken cancelled)
    {
        var fresh = 0;
        foreach (var marker in CompletionMarkers.In(_options.Repository, _options.Documents, _marker, cancelled))
        {
            if (_state.Markers.Add(marker))
            {
                fresh++;
                _metrics.RecordCompletionMarkers();
            }
        }

        return fresh;
    }
}

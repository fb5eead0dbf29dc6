using System.Globalization;
using System.Text;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>
/// A random history of a runner and of everything else that writes into its _diag, one line a step: lives of the listener that end by themselves or are
/// killed, their jobs and workers, pages, calls that only ask something, a second <c>run.sh</c> that gets no session, a clock that is set. It knows what
/// became of each job and whether the runner listens: it is the oracle.
/// </summary>
/// <remarks>
/// A clock that is set may pass the same seconds twice, and where two pages were made in them that say nothing of a job, which is whose can only be told by
/// who saw it; such stories are rare, and not among those that are told.
/// One thing on purpose: who writes what, in which order, is only to be had from here.
/// </remarks>
internal sealed class RunnerStory(int seed, bool setsClock)
{
    private const string Plan = "efeaf237-519d-4e65-8ae5-bcb735792bd7";

    private readonly Random _random = new(seed);
    private readonly List<Writer> _writers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<Guid> _guids = [];
    private DateTimeOffset _clock = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private int _lives;
    private bool _setInJob;
    private Writer? _listener;

    /// <summary>What became of each job, by its GUID and the time of its beginning; a job that is open is not there.</summary>
    public Dictionary<string, string> Jobs { get; } = new(StringComparer.Ordinal);

    /// <summary>What the runner is: offline, idle or busy.</summary>
    public string State { get; private set; } = "offline";

    public bool IsOver => _writers.Count == 0 || (_lives == 0 && _writers is [{ IsWaiting: true }]);

    /// <summary>Begins.</summary>
    public RunnerStory Start(int lives)
    {
        _lives = lives;
        BeginLife();
        return this;
    }

    /// <summary>Somebody writes something, or ends, or nothing happens.</summary>
    public void Step(MemoryFolder folder)
    {
        _clock += TimeSpan.FromSeconds(_random.Next(3));
        if (setsClock && !_setInJob && _random.Next(60) == 0)
        {
            _setInJob = State == "busy";

            // By more than passes between two lines of the listener: less cannot be told from a clock that was let alone.
            _clock += TimeSpan.FromMinutes(_random.Next(10, 180) * (_random.Next(2) == 0 ? 1 : -1));
        }

        if (_random.Next(40) == 0 && _lives > 0)
        {
            Begin("Runner", _random.Next(3) switch
            {
                0 => AskVersion(),
                1 => Configure(),
                _ => Conflict(),
            });
        }

        var writer = _writers[_random.Next(_writers.Count)];
        if (!writer.Lines.MoveNext())
        {
            End(folder, writer);
        }
        else if (writer.Lines.Current is { } line)
        {
            Write(folder, writer, line);
        }
    }

    private void Write(MemoryFolder folder, Writer writer, string line)
    {
        writer.Page ??= Name(writer.Prefix);
        folder.Append(writer.Page, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{_clock:u} {line}\n")));
        folder.Held?.Add(writer.Page);
        writer.Written++;

        // A page can end behind any line; what its process is was said in the first one.
        if (writer.Pages && writer.Written > 8 && _random.Next(12) == 0)
        {
            folder.Held?.Remove(writer.Page);
            writer.Page = Name(writer.Prefix);
            folder.Append(writer.Page, []);
            folder.Held?.Add(writer.Page);
        }
    }

    // Two files of one second would be one.
    private string Name(string prefix)
    {
        while (true)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{_clock:yyyyMMdd-HHmmss}-utc.log");
            if (_names.Add(name))
            {
                return name;
            }

            _clock += TimeSpan.FromSeconds(1);
        }
    }

    private void End(MemoryFolder folder, Writer writer)
    {
        _writers.Remove(writer);
        if (writer.Page is not null)
        {
            folder.Held?.Remove(writer.Page);
        }

        if (writer == _listener)
        {
            State = "offline";
            if (_lives > 0)
            {
                BeginLife();
            }
        }
    }

    private Writer Begin(string prefix, IEnumerable<string?> lines)
    {
        var writer = new Writer(prefix, lines.GetEnumerator()) { Pages = prefix == "Worker" };
        _writers.Add(writer);
        return writer;
    }

    private void BeginLife()
    {
        _lives--;
        _listener = null;
        _listener = Begin("Runner", Listen(_lives == 0));
        _listener.Pages = true;
    }

    private static IEnumerable<string?> Head(string component)
    {
        yield return "INFO HostContext] Well known directory 'Bin': '/home/runner/bin'";
        if (component == "Listener")
        {
            yield return "INFO Listener] Runner is built for Linux (X64) - linux-x64.";
        }

        yield return $"INFO {component}] Version: 2.337.0";
    }

    private static IEnumerable<string?> AskVersion() =>
    [
        .. Head("Listener"), "INFO Runner] ExecuteCommand", "INFO Terminal] WRITE LINE: 2.337.0",
        "INFO Listener] Runner execution has finished with return code 0",
    ];

    private static IEnumerable<string?> Configure() =>
    [
        .. Head("Listener"), "INFO Runner] ExecuteCommand", "INFO CommandSettings] Command 'configure': 'True'",
        "ERR  Terminal] WRITE ERROR: Cannot configure the runner because it is already configured.",
        "INFO Listener] Runner execution has finished with return code 1",
    ];

    private IEnumerable<string?> Conflict()
    {
        foreach (var line in Head("Listener"))
        {
            yield return line;
        }

        for (var i = 0; i < 3; i++)
        {
            yield return "INFO BrokerMessageListener] Attempt to create session.";
            yield return "ERR  BrokerMessageListener] Catch exception during create session.";
            yield return "ERR  Terminal] WRITE ERROR: A session for this runner already exists.";
            if (i == 0)
            {
                yield return $"ERR  Terminal] WRITE ERROR: {_clock:u}: Runner connect error: Error: Conflict. Retrying until reconnected.";
            }

            yield return "INFO BrokerMessageListener] Sleeping for 30 seconds before retrying.";
        }

        yield return "ERR  Terminal] WRITE ERROR: Failed to create session. Error: Conflict";
        yield return "INFO Listener] Runner execution has finished with return code 5";
    }

    private IEnumerable<string?> Listen(bool isLast)
    {
        foreach (var line in Head("Listener"))
        {
            yield return line;
        }

        yield return "INFO BrokerMessageListener] {\n  \"AgentName\": \"build-1\",\n  \"GitHubUrl\": \"https://github.com/acme/shop\"\n}";
        yield return "INFO BrokerMessageListener] Attempt to create session.";
        State = "idle";
        yield return "INFO BrokerMessageListener] Session created.";
        yield return $"INFO Terminal] WRITE LINE: {_clock:u}: Listening for Jobs";
        for (var jobs = _random.Next(4); jobs > 0; jobs--)
        {
            var isKilledInIt = !isLast && jobs == 1 && _random.Next(3) == 0;
            foreach (var line in RunJob(isKilledInIt))
            {
                yield return line;
            }

            if (isKilledInIt)
            {
                yield break;
            }
        }

        if (isLast)
        {
            // It lives on.
            _listener!.IsWaiting = true;
            while (true)
            {
                yield return null;
            }
        }

        if (_random.Next(2) == 0)
        {
            State = "offline";
            yield return "INFO Listener] Runner execution has finished with return code 0";
        }
    }

    private IEnumerable<string?> RunJob(bool isKilledInIt)
    {
        // GUIDs come back in later runs.
        var job = !setsClock && _guids.Count > 0 && _random.Next(4) == 0 ? _guids[_random.Next(_guids.Count)] : Guid.NewGuid();
        _guids.Add(job);
        var process = _random.Next(1000, 30000);
        yield return "INFO BrokerMessageListener] Acknowledging runner request 'r'.";
        yield return $"INFO JobDispatcher] Job request 0 for plan {Plan} job {job} received.";
        State = "busy";
        yield return "INFO BrokerMessageListener] Received job status event. JobState: Busy";
        _setInJob = false;
        var key = string.Create(CultureInfo.InvariantCulture, $"{job} {_clock:u}");
        yield return $"INFO Terminal] WRITE LINE: {_clock:u}: Running job: build";
        yield return $"INFO JobDispatcher] Start renew job request 0 for job {job}.";
        yield return "INFO ProcessInvokerWrapper]   File name: '/home/runner/bin/Runner.Worker'";
        yield return $"INFO ProcessInvokerWrapper] Process started with process id {process}, waiting for process exit.";
        yield return $"INFO JobDispatcher] Send job request message to worker for job {job}.";
        var end = isKilledInIt ? JobEnd.Lost : (JobEnd)_random.Next((int)JobEnd.Lost);
        var worker = Begin("Worker", Work(job, end));
        while (_writers.Contains(worker))
        {
            yield return null;
        }

        _setInJob = false;
        if (end == JobEnd.Lost)
        {
            Jobs.Add(key, "lost/runner");
            yield break;
        }

        var (code, word, verdict) = end switch
        {
            JobEnd.Success => (100, "Succeeded", "success"),
            JobEnd.Failed => (102, "Failed", "failed/job"),
            JobEnd.Cancelled => (103, "Canceled", "cancelled"),
            _ => (137, "Failed", "failed/runner"),
        };
        yield return $"INFO ProcessInvokerWrapper] Finished process {process} with exit code {code}, and elapsed time 00:00:09.";
        yield return $"INFO JobDispatcher] Worker finished for job {job}. Code: {code}";
        Jobs.Add(key, verdict);
        State = "idle";
        yield return $"INFO JobDispatcher] finish job request for job {job} with result: {word}";
        yield return $"INFO Terminal] WRITE LINE: {_clock:u}: Job build completed with result: {word}";
        yield return $"INFO JobDispatcher] Stop renew job request for job {job}.";
        yield return "INFO BrokerMessageListener] Received job status event. JobState: Online";
    }

    private IEnumerable<string?> Work(Guid job, JobEnd end)
    {
        foreach (var line in Head("Worker"))
        {
            yield return line;
        }

        yield return "INFO Worker] Waiting to receive the job message from the channel.";
        yield return $"INFO Worker] Job message:\n {{\n  \"jobId\": \"{job}\",\n  \"jobDisplayName\": \"build\"\n}}";
        yield return $"INFO JobRunner] Job ID {job}";
        for (var step = _random.Next(1, 4); step > 0; step--)
        {
            yield return "INFO StepsRunner] Processing step: DisplayName='Run make'";
            yield return "INFO StepsRunner] Starting the step.";
        }

        if (end is JobEnd.Crashed or JobEnd.Lost)
        {
            yield break;
        }

        if (end == JobEnd.Failed)
        {
            yield return "INFO StepsRunner] Update job result with current step result 'Failed'.";
        }

        yield return $"INFO JobRunner] Job result after all job steps finish: {(end == JobEnd.Success ? "Succeeded" : end == JobEnd.Failed ? "Failed" : "Canceled")}";
        yield return "INFO JobRunner] Raising job completed against run service";
        yield return "INFO Worker] Job completed.";
    }

    private enum JobEnd
    {
        Success,
        Failed,
        Cancelled,
        Crashed,
        Lost,
    }

    private sealed class Writer(string prefix, IEnumerator<string?> lines)
    {
        public string Prefix { get; } = prefix;

        public IEnumerator<string?> Lines { get; } = lines;

        public string? Page { get; set; }

        public int Written { get; set; }

        public bool Pages { get; set; }

        public bool IsWaiting { get; set; }
    }
}

using System.CommandLine;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Agent.Deployments;

/// <summary>
/// <c>runner-metrics-agent deployment report …</c> and <c>incident report …</c>, for the steps of a pipeline: they send one event to the collector, and wait for
/// its answer.
/// </summary>
internal sealed class ReportCommands
{
    private readonly ProgramOption<string?> _collector;
    private readonly ProgramOption<string?> _tokenFile;
    private readonly Func<string, string?> _environment;
    private readonly ProgramOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<Uri, string?, IEventSender> _connect;
    private readonly ProgramOption<string?> _server;
    private readonly ProgramOption<string?> _repository;
    private readonly ProgramOption<string?> _where;
    private readonly ProgramOption<int> _timeout;

    private ReportCommands(
        ProgramOption<string?> collector, ProgramOption<string?> tokenFile, Func<string, string?> environment, TimeProvider time, Func<Uri, string?, IEventSender> connect)
    {
        (_collector, _tokenFile, _environment, _time, _connect) = (collector, tokenFile, environment, time, connect);
        _options = new ProgramOptions(environment);
        _server = _options.DescribeAs("--server-url", "GITHUB_SERVER_URL", Texts.Any("URL"), null, "The repository's GitHub server");
        _repository = _options.DescribeAs("--repository", "GITHUB_REPOSITORY", Texts.Any("OWNER/NAME"), null, "The repository");
        _where = _options.DescribeAs("--environment", null, Texts.Any("NAME"), "production", "Where to");
        _timeout = _options.DescribeAs("--timeout", null, Numbers.Between(1, 3600), 60, "How many seconds to retry while the collector is unreachable");
    }

    /// <summary>Adds both commands.</summary>
    /// <param name="root">Where to.</param>
    /// <param name="collector">The option that names the collector.</param>
    /// <param name="tokenFile">The option that names its token.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <param name="connect">Makes a sender to a collector; over gRPC if none is given.</param>
    public static void AddTo(
        Command root, ProgramOption<string?> collector, ProgramOption<string?> tokenFile, Func<string, string?> environment,
        TimeProvider? time = null, Func<Uri, string?, IEventSender>? connect = null)
    {
        var clock = time ?? TimeProvider.System;
        var commands = new ReportCommands(collector, tokenFile, environment, clock, connect ?? ((address, file) => new GrpcEventSender(address, file, clock)));
        root.Add(new Command("deployment", "Reports deployments, from the steps of a pipeline.") { commands.Deployment() });
        root.Add(new Command("incident", "Reports incidents.") { commands.Incident() });
    }

    private Command Deployment()
    {
        var state = new Option<string?>("--state") { HelpName = "STATE", Description = "pending, in_progress, success or failure" };
        var id = new Option<string?>("--id") { HelpName = "ID", Description = "Unique in the repository; by default made of GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT and the environment" };
        var sha = _options.DescribeAs("--sha", "GITHUB_SHA", Texts.Any("SHA"), null, "The commit that is deployed");
        var committed = Time("--committed-at", "Time of that commit, as in git log -1 --format=%cI");
        var oldest = Time("--oldest-committed-at", "Time of the oldest commit that is deployed for the first time");
        var finished = Time("--finished-at", "When it ended; default: now");
        var rework = new Option<bool>("--rework") { Description = "The deployment is unplanned, made to fix an earlier one" };
        var report = new Command("report", "Reports a deployment that is pending, in progress, or ended.")
        {
            state, _where, id, sha, committed, oldest, finished, rework, _repository, _server, _collector, _tokenFile, _timeout,
        };
        report.SetAction((parsed, stop) => RunAsync(
            parsed,
            problems => new DeploymentReport(_environment, _time.GetUtcNow(), problems)
            {
                State = parsed.GetValue(state),
                Environment = _where.Value(parsed),
                Id = parsed.GetValue(id),
                Sha = sha.Value(parsed),
                CommittedAt = parsed.GetValue(committed),
                OldestCommittedAt = parsed.GetValue(oldest),
                FinishedAt = parsed.GetValue(finished),
                IsRework = parsed.GetValue(rework),
                Repository = _repository.Value(parsed),
                ServerUrl = _server.Value(parsed),
            }.Create(),
            stop));
        return report;
    }

    private Command Incident()
    {
        var id = new Option<string?>("--id") { HelpName = "ID", Description = "Unique in the repository, such as the issue's number" };
        var deployment = new Option<string?>("--deployment-id") { HelpName = "ID", Description = "The deployment that caused it, if known" };
        var opened = Time("--opened-at", "When it began; default: now, unless it is resolved");
        var resolved = new Option<bool>("--resolved") { Description = "It is resolved, now or at --resolved-at" };
        var resolvedAt = Time("--resolved-at", "When it was resolved");
        var report = new Command("report", "Reports an incident: that it began, or that it is resolved.")
        {
            id, _where, deployment, opened, resolved, resolvedAt, _repository, _server, _collector, _tokenFile, _timeout,
        };
        report.SetAction((parsed, stop) => RunAsync(
            parsed,
            problems => new IncidentReport(_time.GetUtcNow(), problems)
            {
                Id = parsed.GetValue(id),
                Environment = _where.Value(parsed),
                DeploymentId = parsed.GetValue(deployment),
                OpenedAt = parsed.GetValue(opened),
                ResolvedAt = parsed.GetValue(resolvedAt),
                IsResolved = parsed.GetValue(resolved),
                Repository = _repository.Value(parsed),
                ServerUrl = _server.Value(parsed),
            }.Create(),
            stop));
        return report;
    }

    private async Task<int> RunAsync(ParseResult parsed, Func<List<string>, Event> read, CancellationToken stop)
    {
        List<string> problems = [.. UsageProblems.Of(parsed)];
        var collector = AgentConfiguration.ValidateCollector(_collector.Value(parsed), problems);
        var tokenFile = _tokenFile.Value(parsed);
        AgentConfiguration.ValidateToken(tokenFile, collector, problems);
        var happened = read(problems);
        var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (problems.Count > 0)
        {
            return UsageProblems.Write(errors, problems, AgentProgram.Name, parsed.CommandResult.Command);
        }

        using var sender = _connect(collector!, tokenFile);
        return await new ReportSender(sender, _time, TimeSpan.FromSeconds(_timeout.Value(parsed))).SendAsync(happened, output, errors, stop);
    }

    private static Option<string?> Time(string name, string description) => new(name) { HelpName = "TIME", Description = description };
}

using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Reading;

/// <summary>Logs the runner's identity when it is read or changes; and once, if another name was given.</summary>
internal sealed class RunnerNews(string? givenName, ILogger logger)
{
    private RunnerSettings? _said;
    private bool _warned;

    public void Note(RunnerSettings? runner)
    {
        if (runner is null || runner == _said)
        {
            return;
        }

        _said = runner;
        ReadingLog.RunnerIs(logger, runner.Name, runner.Scope.Length > 0 ? runner.Scope : "an unknown scope", runner.Ephemeral ? "takes one job" : "takes many jobs");
        if (!_warned && givenName is not null && givenName != runner.Name)
        {
            _warned = true;
            ReadingLog.NameDiffers(logger, runner.Name, givenName);
        }
    }
}

using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Domain.Fleet;

/// <content>
/// Whose word makes a job's trace: GitHub's, which has its steps, or its agent's if GitHub has said nothing of the job before. What was folded in decides, in the order in which it became durable: so a
/// replay decides alike, and the spans of a job have one source, with the same times whenever they are sent.
/// </content>
public sealed partial class FleetState
{
    /// <summary>
    /// Is told of each event that becomes part of a trace, new or replayed, once it is folded in: the start or the end of a job, or the end of a run. It is called under the registry's gate, so it must be quick.
    /// </summary>
    public Action<FleetEvent>? TraceDue { get; set; }

    private void Trace(JobStarted started, bool isOpen)
    {
        if (isOpen && !_families.WaitsAreMeasured)
        {
            TraceDue?.Invoke(started);
        }
    }

    // The end of a lost job was not observed: there is nothing to draw.
    private void Trace(JobCompleted completed, UInt128 key)
    {
        if (completed.Conclusion != JobConclusion.Lost && !_workflowJobs.TryGet(key, out _))
        {
            TraceDue?.Invoke(completed);
        }
    }

    private void Trace(WorkflowJobChanged changed, bool isOurs, bool agentTold)
    {
        if (isOurs && !agentTold && changed.State >= WorkflowJobState.InProgress)
        {
            TraceDue?.Invoke(changed);
        }
    }
}

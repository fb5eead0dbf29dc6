namespace RunnerMetrics.Simulator.Load;

/// <summary>A job of a workflow as it is in its file, and how long it usually takes.</summary>
/// <param name="Weight">How often it comes, against the others of its mix.</param>
/// <param name="Repository"><c>owner/name</c></param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="WorkflowFile">Its file.</param>
/// <param name="Job">The job's id in it.</param>
/// <param name="Shortest">Seconds that none of its runs goes below.</param>
/// <param name="Usual">The median in seconds.</param>
/// <param name="Longest">Seconds that none of its runs goes above.</param>
/// <param name="MatrixKey">The matrix's one dimension, or null.</param>
/// <param name="MatrixValues">Its values.</param>
/// <param name="Steps">Name, script and share of the duration of each step.</param>
internal sealed record JobTemplate(
    int Weight,
    string Repository,
    string Workflow,
    string WorkflowFile,
    string Job,
    int Shortest,
    int Usual,
    int Longest,
    string? MatrixKey,
    string[] MatrixValues,
    params (string Name, string Script, double Share)[] Steps)
{
    /// <summary>The job as people see it.</summary>
    public string DisplayName(string? matrixValue) => matrixValue is null ? Job : $"{Job} ({matrixValue})";
}

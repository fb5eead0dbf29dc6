using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>
/// The ids of a run's trace and of its spans: in hexadecimal digits, made of GitHub's ids, so that a job and other programs can compute them too. They are those of the OpenTelemetry Collector's GitHub
/// receiver from 0.151 on (opentelemetry-collector-contrib, receiver/githubreceiver).
/// </summary>
public static class TraceIds
{
    private const int TraceDigits = 32, SpanDigits = 16;

    /// <summary>The trace of one attempt of a run.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="attempt">Its attempt, from 1; 0, where it is not known, stands for the first.</param>
    /// <returns>32 digits.</returns>
    public static string TraceOf(long runId, int attempt) => Hash(string.Create(CultureInfo.InvariantCulture, $"{runId}{Math.Max(1, attempt)}t"))[..TraceDigits];

    /// <summary>The trace of a job whose run is not known.</summary>
    /// <inheritdoc cref="JobSpanOf(string)" path="/param"/>
    /// <returns>32 digits.</returns>
    public static string TraceOf(string job) => Hash($"{job}t")[..TraceDigits];

    /// <summary>The trace's root: the attempt itself.</summary>
    /// <inheritdoc cref="TraceOf(long, int)" path="/param"/>
    /// <returns>16 digits.</returns>
    public static string RunSpanOf(long runId, int attempt) => SpanOf(string.Create(CultureInfo.InvariantCulture, $"{runId}{Math.Max(1, attempt)}s"));

    /// <summary>A job.</summary>
    /// <param name="jobId">GitHub's id of the job, which is that of its check run.</param>
    /// <returns>16 digits.</returns>
    public static string JobSpanOf(long jobId) => JobSpanOf(TextOf(jobId));

    /// <summary>A job of which GitHub's id may not be known.</summary>
    /// <param name="job">The id, or what stands for it.</param>
    /// <returns>16 digits.</returns>
    public static string JobSpanOf(string job) => SpanOf($"{job}-j");

    /// <summary>A job's wait for its runner.</summary>
    /// <inheritdoc cref="JobSpanOf(string)" path="/param"/>
    /// <returns>16 digits.</returns>
    public static string QueueSpanOf(string job) => SpanOf($"{job}-q");

    /// <summary>One of a job's steps.</summary>
    /// <param name="job">The id, or what stands for it.</param>
    /// <param name="step">The step's name.</param>
    /// <returns>16 digits.</returns>
    public static string StepSpanOf(string job, string step) => SpanOf($"{job}-{step}-s");

    /// <summary>An id as it is hashed.</summary>
    public static string TextOf(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string SpanOf(string text) => Hash(text)[SpanDigits..(2 * SpanDigits)];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

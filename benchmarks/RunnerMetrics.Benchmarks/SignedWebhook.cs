using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Benchmarks;

/// <summary>A <c>workflow_job</c> delivery as GitHub makes it.</summary>
internal static class SignedWebhook
{
    public const string Secret = "it is a secret to everybody";

    /// <summary>Delivers it; whether it was taken.</summary>
    public static async Task<bool> SendAsync(HttpClient exporter, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/github") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-GitHub-Event", "workflow_job");
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        using var response = await exporter.SendAsync(request);
        return response.StatusCode == HttpStatusCode.Accepted;
    }

    /// <summary>As large as GitHub's own, of which most is not used.</summary>
    /// <param name="action">queued, in_progress or completed.</param>
    /// <param name="id">The job's.</param>
    /// <param name="runner">The runner's name, which a queued job does not have yet.</param>
    /// <param name="steps">How many steps a completed job has.</param>
    public static byte[] WorkflowJob(string action, long id, string runner, int steps = 0)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (isQueued, isCompleted) = (action == "queued", action == "completed");
        var ran = string.Join(',', Enumerable.Range(1, isCompleted ? steps : 0).Select(step => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"name":"Step {{step}}","status":"completed","conclusion":"success","number":{{step}},"started_at":"{{now.AddSeconds(-60 + step):yyyy-MM-ddTHH:mm:ssZ}}","completed_at":"{{now.AddSeconds(-59 + step):yyyy-MM-ddTHH:mm:ssZ}}"}""")));
        var text = string.Create(CultureInfo.InvariantCulture, $$"""
            {"action":"{{action}}","workflow_job":{"id":{{id}},"run_id":{{id / 4}},"run_attempt":1,"workflow_name":"CI","name":"build","status":"{{action}}","conclusion":{{(isCompleted ? "\"success\"" : "null")}},
            "created_at":"{{now.AddSeconds(-90):yyyy-MM-ddTHH:mm:ssZ}}","started_at":"{{now.AddSeconds(-60):yyyy-MM-ddTHH:mm:ssZ}}","completed_at":{{(isCompleted ? $"\"{now:yyyy-MM-ddTHH:mm:ssZ}\"" : "null")}},
            "labels":["self-hosted","standard"],"runner_name":{{(isQueued ? "null" : $"\"{runner}\"")}},"runner_group_name":"Default","steps":[{{ran}}]},
            "repository":{"full_name":"acme/shop","html_url":"https://github.com/acme/shop","filler":"{{new string('x', 9000)}}"} }
            """);
        return Encoding.UTF8.GetBytes(text);
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>Real payloads, corrupted at random: they are taken or refused with a reason, and nothing else happens.</summary>
public class FuzzTests
{
    private const int InProcess = 100_000;
    private const int OverHttp = 2_000;

    private static readonly (string Name, byte[] Payload)[] Seeds =
    [
        .. Payload.AllJobs.Select(text => ("workflow_job", Encoding.UTF8.GetBytes(text))),
        .. new[] { "queued", "waiting", "in_progress", "completed" }.Select(action => ("workflow_job", Compact(Payload.Job(action)))),
        .. new[] { "deployment", "deployment_status", "push", "workflow_run" }.SelectMany(name =>
            Directory.GetFiles(Path.Combine(Payload.Folder, name)).Order(StringComparer.Ordinal).Select(file => (name, File.ReadAllBytes(file)))),
        .. new[] { "pending", "in_progress", "success", "failure", "inactive" }.Select(state => ("deployment_status", Compact(Payload.Deployment(state)))),
        ("push", Compact(Payload.Push())),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e309", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "[[[]]]", "\"2026-11-21T12:00:00Z\"",
        "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999+14:00\"", "\"self-hosted\"", "\"completed\"", "\"other\"", "1.5", "\"" + new string('x', 5000) + "\"",
    ];

    [Fact]
    public void Read_SpoiltPayloads_AreTakenOrRefused()
    {
        var random = new Random(20261121);
        using var fleet = new WebhookFleet(new ExporterOptions { Fleet = new FleetOptions { Horizon = TimeSpan.FromDays(4000), MaxRunners = 100, MaxLabelSets = 50, MaxWorkflowJobs = 1000, MaxDeployments = 1000, MaxCommits = 1000, DeploymentEnvironments = ["*"] } });
        var (taken, refused) = (0, 0);
        for (var i = 0; i < InProcess; i++)
        {
            var (name, seed) = Seeds[random.Next(Seeds.Length)];
            var payload = Spoil(seed, random);
            try
            {
                var reading = fleet.Take(payload, name: name);
                taken += reading.Events.Count;
                refused += reading.Refusal is null ? 0 : 1;
            }
            catch (JsonException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\n{Encoding.UTF8.GetString(payload)}");
            }
        }

        Assert.True(taken > 1000 && refused > 1000, $"{taken} were taken and {refused} refused: the payloads are not spoilt as they should be.");
        fleet.Restart();
        Assert.InRange(fleet.Text().Length, 1, 20_000_000);
    }

    [Fact]
    public async Task Deliver_SpoiltPayloads_AreNeverAnsweredWithAFault()
    {
        var random = new Random(1121);
        await using var exporter = await RunningExporter.StartAsync();
        for (var i = 0; i < OverHttp; i++)
        {
            var (name, seed) = Seeds[random.Next(Seeds.Length)];
            var payload = Spoil(seed, random);
            var (status, text) = await exporter.DeliverAsync(payload, random.Next(10) == 0 ? "push" : name);
            Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.BadRequest, $"{status}: {text}\n{Encoding.UTF8.GetString(payload)}");
        }

        Assert.NotEmpty(await exporter.ScrapeAsync());
    }

    private static byte[] Spoil(byte[] payload, Random random) => random.Next(4) switch
    {
        0 => SpoilBytes(payload, random),
        1 => payload[..random.Next(payload.Length)],
        _ => SpoilValue(payload, random),
    };

    private static byte[] SpoilBytes(byte[] payload, Random random)
    {
        var spoilt = (byte[])payload.Clone();
        for (var bytes = random.Next(1, 4); bytes > 0; bytes--)
        {
            spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
        }

        return spoilt;
    }

    // Replaces the value of a field that is read; ids too, so that many jobs come of few payloads.
    private static byte[] SpoilValue(byte[] payload, Random random)
    {
        string[] fields =
        [
            "action", "workflow_job", "id", "run_id", "run_attempt", "workflow_name", "name", "status", "conclusion", "created_at", "started_at", "completed_at",
            "check_run_url", "labels", "runner_name", "runner_group_name", "steps", "full_name", "html_url",
            "deployment", "deployment_status", "environment", "state", "sha", "head_commit", "commits", "timestamp", "workflow_run",
        ];
        var text = Encoding.UTF8.GetString(payload);
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var field = $"\"{fields[random.Next(fields.Length)]}\":";
            var at = text.IndexOf(field, StringComparison.Ordinal);
            var end = at < 0 ? -1 : text.IndexOfAny([',', '}', ']'], at + field.Length);
            if (end > 0)
            {
                var value = random.Next(3) == 0 ? random.Next(1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture) : Values[random.Next(Values.Length)];
                text = string.Concat(text.AsSpan(0, at + field.Length), value, text.AsSpan(end));
            }
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static byte[] Compact(JsonNode payload) => Encoding.UTF8.GetBytes(payload.ToJsonString());
}

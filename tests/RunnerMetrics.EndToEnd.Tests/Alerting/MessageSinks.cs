using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.EndToEnd.Tests.Alerting;

/// <summary>Where messages of alerts arrive: a fake for Slack, PagerDuty and a heartbeat service, and a mail server.</summary>
internal sealed class MessageSinks : IAsyncDisposable
{
    private readonly WebApplication _http;
    private readonly TcpListener _mail = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<(string To, JsonElement Message)> _posted = [];
    private readonly List<string> _mails = [];
    private readonly List<string> _logins = [];
    private Task _accepting = Task.CompletedTask;

    private MessageSinks()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _http = builder.Build();
        _http.MapPost("/{to}", async (string to, HttpRequest request) =>
        {
            using var message = await JsonDocument.ParseAsync(request.Body);
            lock (_gate)
            {
                _posted.Add((to, message.RootElement.Clone()));
            }

            // What Slack answers, and PagerDuty's status.
            return to == "slack" ? Results.Text("ok") : Results.Json(new { status = "success" }, statusCode: StatusCodes.Status202Accepted);
        });
    }

    public Uri Http => new(_http.Urls.Single());

    public int MailPort => ((IPEndPoint)_mail.LocalEndpoint).Port;

    public IReadOnlyList<string> Mails => Locked(() => _mails.ToList());

    /// <summary>What was given to log in to the mail server, decoded.</summary>
    public IReadOnlyList<string> Logins => Locked(() => _logins.ToList());

    public IReadOnlyList<JsonElement> Posted(string to) => Locked(() => _posted.Where(message => message.To == to).Select(message => message.Message).ToList());

    public static async Task<MessageSinks> StartAsync()
    {
        var sinks = new MessageSinks();
        await sinks._http.StartAsync(TestContext.Current.CancellationToken);
        sinks._mail.Start();
        sinks._accepting = sinks.AcceptAsync();
        return sinks;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _mail.Dispose();
        await _accepting;
        await _http.StopAsync(new CancellationToken(canceled: true));
        await _http.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _mail.AcceptTcpClientAsync(_stop.Token);
                await ReceiveAsync(client.GetStream());
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    // RFC 5321, as far as a sender needs it that sends one mail.
    private async Task ReceiveAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 sink");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var words = line.Split(' ');
            switch (words[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-sink");
                    await writer.WriteLineAsync("250 AUTH PLAIN");
                    break;
                case "AUTH":
                    Add(_logins, Encoding.UTF8.GetString(Convert.FromBase64String(words[2])).Replace('\0', ' ').Trim());
                    await writer.WriteLineAsync("235 welcome");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    Add(_mails, await ReadMailAsync(reader));
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 fine");
                    break;
            }
        }
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            mail.Append(line).Append('\n');
        }

        return mail.ToString();
    }

    private void Add(List<string> to, string text)
    {
        lock (_gate)
        {
            to.Add(text);
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}

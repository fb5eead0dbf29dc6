namespace RunnerMetrics.Testing;

/// <summary>An HTTP client that waits as long as tests do: the 100 s of .NET's can pass on a busy machine.</summary>
public sealed class PatientHttpClient : HttpClient
{
#pragma warning disable RS0030 // Here alone.
    public PatientHttpClient() => Timeout = Patience.Limit;

    public PatientHttpClient(HttpMessageHandler handler)
        : base(handler) => Timeout = Patience.Limit;
#pragma warning restore RS0030
}

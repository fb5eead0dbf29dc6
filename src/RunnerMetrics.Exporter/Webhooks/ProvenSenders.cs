using System.Net;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>Addresses that a signed delivery came from lately; of a proxy's clients, all or none.</summary>
internal sealed class ProvenSenders
{
    private const int Most = 256;

    private readonly HashSet<IPAddress> _addresses = [];
    private readonly Queue<IPAddress> _inOrder = new();

    public bool Contains(IPAddress? address) => address is not null && _addresses.Contains(address);

    public void Add(IPAddress? address)
    {
        if (address is null || !_addresses.Add(address))
        {
            return;
        }

        _inOrder.Enqueue(address);
        if (_inOrder.Count > Most)
        {
            _addresses.Remove(_inOrder.Dequeue());
        }
    }
}

namespace RunnerMetrics.Automation.Apis;

/// <summary>
/// Reads a stream of server-sent events as it passes: each event's data is a JSON text, and the last is <c>[DONE]</c>. Real lines:
/// <c>data: {"id":"…","choices":[…],"usage":null}</c> and <c>data: [DONE]</c>.
/// </summary>
internal sealed class EventStreamWatch
{
    private static ReadOnlySpan<byte> DataField => "data:"u8;

    private static ReadOnlySpan<byte> DoneData => "[DONE]"u8;

    private JsonWatch? _data;
    private int _column;
    private bool _isData;
    private bool _isOtherField;
    private bool _isDone;
    private int _doneLength;

    /// <summary>What the last <c>usage</c> of the stream said, or null if there was none; each is of the whole answer so far.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Whether the stream said that it is complete.</summary>
    public bool IsDone => _isDone || IsDoneRead;

    /// <summary>Whether any event's data was invalid.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Continues reading.</summary>
    public void Read(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            Read(b);
        }
    }

    /// <summary>Records that nothing follows.</summary>
    public void End()
    {
        EndLine();
        EndEvent();
    }

    private bool IsDoneRead => _doneLength == DoneData.Length && _data is null;

    private void Read(byte b)
    {
        if (b is (byte)'\r')
        {
            return;
        }

        if (b is (byte)'\n')
        {
            if (_column == 0)
            {
                EndEvent();
            }

            EndLine();
        }
        else if (_isData)
        {
            ReadData(b);
        }
        else if (!_isOtherField && b == DataField[_column])
        {
            _isData = ++_column == DataField.Length;
        }
        else
        {
            _isOtherField = true; // event:, id:, retry:, or a comment
            _column++;
        }
    }

    // Of "[DONE]" each byte is as expected from the first on; anything else is JSON, to which the bytes held back belong.
    private void ReadData(byte b)
    {
        _column++;
        if (_data is null && _doneLength == 0 && b == ' ')
        {
            return;
        }

        if (_data is null && _doneLength < DoneData.Length && b == DoneData[_doneLength])
        {
            _doneLength++;
            return;
        }

        if (_data is null)
        {
            _data = new JsonWatch();
            _data.Read(DoneData[.._doneLength]);
            _doneLength = 0;
        }

        _data.Read(b);
    }

    private void EndLine()
    {
        _column = 0;
        _isData = _isOtherField = false;
        _data?.Read((byte)'\n'); // an event's lines of data belong together
    }

    private void EndEvent()
    {
        if (IsDoneRead)
        {
            _isDone = true;
        }
        else if (_doneLength > 0)
        {
            IsBroken = true;
        }

        if (_data is not null)
        {
            IsBroken |= !_data.IsWhole;
            Usage = _data.Usage ?? Usage;
        }

        _data = null;
        _doneLength = 0;
    }
}

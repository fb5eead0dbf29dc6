namespace RunnerMetrics.Automation.Apis;

/// <summary>
/// Reads one JSON text byte by byte as it passes, keeping only its <c>usage</c> and whether it is complete (RFC 8259). It uses a few
/// hundred bytes, however long the text is. One real end: <c>… ,"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}}</c>.
/// </summary>
internal sealed class JsonWatch
{
    private const int MaxDepth = 256;
    private const int MaxName = 32;

    private readonly byte[] _name = new byte[MaxName];
    private readonly bool[] _isObject = new bool[MaxDepth + 1];
    private State _state = State.Value;
    private int _depth;
    private int _nameLength;
    private bool _isName;
    private bool _isInUsage;
    private int _hexLeft;
    private string _literal = "";
    private int _literalAt;
    private long _number;
    private bool _isWhole;
    private bool _isNegative;
    private NumberPart _part;
    private Field _field;

    private enum State
    {
        Value,
        ValueOrEnd,
        Name,
        NameOrEnd,
        Colon,
        AfterValue,
        Text,
        Escape,
        Hex,
        Number,
        Literal,
        Broken,
    }

    private enum NumberPart
    {
        Sign,
        Zero,
        Digits,
        Point,
        Fraction,
        E,
        ExponentSign,
        Exponent,
    }

    private enum Field
    {
        None,
        Usage,
        Prompt,
        Completion,
    }

    /// <summary>What the last <c>usage</c> said, or null if there was none.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Whether all that was read is one whole JSON value, and nothing else.</summary>
    public bool IsWhole => _depth == 0 && (_state == State.AfterValue || (_state == State.Number && IsNumberWhole));

    /// <summary>Continues reading.</summary>
    public void Read(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            Read(b);
        }
    }

    /// <summary>Reads a further byte.</summary>
    public void Read(byte b)
    {
        switch (_state)
        {
            case State.Text:
                ReadText(b);
                break;
            case State.Escape:
                _state = b == 'u' ? State.Hex : "\"\\/bfnrt"u8.Contains(b) ? State.Text : State.Broken;
                _hexLeft = 4;
                _nameLength = MaxName; // no name that is looked for has an escape
                break;
            case State.Hex:
                _state = !char.IsAsciiHexDigit((char)b) ? State.Broken : --_hexLeft == 0 ? State.Text : State.Hex;
                break;
            case State.Literal:
                ReadLiteral(b);
                break;
            case State.Number when ReadNumber(b):
                break;
            case State.Broken:
                break;
            default:
                ReadBetween(b);
                break;
        }
    }

    private bool IsNumberWhole => _part is NumberPart.Zero or NumberPart.Digits or NumberPart.Fraction or NumberPart.Exponent;

    private void ReadBetween(byte b)
    {
        if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            return;
        }

        _state = (_state, (char)b) switch
        {
            (State.Value or State.ValueOrEnd, _) when b != ']' => BeginValue(b),
            (State.ValueOrEnd, ']') => Close(isObject: false),
            (State.Name or State.NameOrEnd, '"') => BeginText(isName: true),
            (State.NameOrEnd, '}') => Close(isObject: true),
            (State.Colon, ':') => State.Value,
            (State.AfterValue, ',') when _depth > 0 => _isObject[_depth] ? State.Name : State.Value,
            (State.AfterValue, '}') => Close(isObject: true),
            (State.AfterValue, ']') => Close(isObject: false),
            _ => State.Broken,
        };
    }

    private State BeginValue(byte b)
    {
        switch ((char)b)
        {
            case '{':
                return Open(isObject: true);
            case '[':
                return Open(isObject: false);
            case '"':
                return BeginText(isName: false);
            case 't' or 'f' or 'n':
                _literal = b == 't' ? "true" : b == 'f' ? "false" : "null";
                _literalAt = 1;
                return State.Literal;
            case '-' or (>= '0' and <= '9'):
                _isNegative = b == '-';
                _part = b switch { (byte)'-' => NumberPart.Sign, (byte)'0' => NumberPart.Zero, _ => NumberPart.Digits };
                _number = b == '-' ? 0 : b - '0';
                _isWhole = true;
                return State.Number;
            default:
                return State.Broken;
        }
    }

    private State Open(bool isObject)
    {
        if (_depth == MaxDepth)
        {
            return State.Broken;
        }

        if (_field == Field.Usage && isObject && _depth == 1)
        {
            _isInUsage = true;
            Usage = default(TokenUsage);
        }

        _field = Field.None;
        _isObject[++_depth] = isObject;
        return isObject ? State.NameOrEnd : State.ValueOrEnd;
    }

    private State Close(bool isObject)
    {
        if (_depth == 0 || _isObject[_depth] != isObject)
        {
            return State.Broken;
        }

        _depth--;
        _isInUsage &= _depth > 1;
        return State.AfterValue;
    }

    private State BeginText(bool isName)
    {
        _isName = isName;
        _nameLength = 0;
        return State.Text;
    }

    private void ReadText(byte b)
    {
        if (b == '"')
        {
            _state = _isName ? State.Colon : State.AfterValue;
            _field = _isName ? FieldOf(_name.AsSpan(0, _nameLength)) : Field.None;
        }
        else if (b == '\\')
        {
            _state = State.Escape;
        }
        else if (b < 0x20)
        {
            _state = State.Broken;
        }
        else if (_isName && _nameLength < MaxName)
        {
            _name[_nameLength++] = b;
        }
    }

    private Field FieldOf(ReadOnlySpan<byte> name) =>
        _depth == 1 && name.SequenceEqual("usage"u8) ? Field.Usage
        : _depth == 2 && _isInUsage && name.SequenceEqual("prompt_tokens"u8) ? Field.Prompt
        : _depth == 2 && _isInUsage && name.SequenceEqual("completion_tokens"u8) ? Field.Completion
        : Field.None;

    private void ReadLiteral(byte b)
    {
        if (b != _literal[_literalAt])
        {
            _state = State.Broken;
        }
        else if (++_literalAt == _literal.Length)
        {
            _state = State.AfterValue;
            _field = Field.None;
        }
    }

    /// <summary>Reads a byte of a number; false if it stands behind the number.</summary>
    private bool ReadNumber(byte b)
    {
        var part = (_part, (char)b) switch
        {
            (NumberPart.Sign, '0') => NumberPart.Zero,
            (NumberPart.Sign or NumberPart.Digits, >= '0' and <= '9') => NumberPart.Digits,
            (NumberPart.Zero or NumberPart.Digits, '.') => NumberPart.Point,
            (NumberPart.Point or NumberPart.Fraction, >= '0' and <= '9') => NumberPart.Fraction,
            (NumberPart.Zero or NumberPart.Digits or NumberPart.Fraction, 'e' or 'E') => NumberPart.E,
            (NumberPart.E, '+' or '-') => NumberPart.ExponentSign,
            (NumberPart.E or NumberPart.ExponentSign or NumberPart.Exponent, >= '0' and <= '9') => NumberPart.Exponent,
            _ => (NumberPart?)null,
        };
        if (part is null)
        {
            _state = IsNumberWhole ? State.AfterValue : State.Broken;
            Keep();
            return _state == State.Broken;
        }

        _part = part.Value;
        _isWhole &= _part is NumberPart.Zero or NumberPart.Digits && _number < long.MaxValue / 100;
        _number = _isWhole ? (_number * 10) + (b - '0') : 0;
        return true;
    }

    // Only a count that can be one: whole, not negative.
    private void Keep()
    {
        if (_state == State.AfterValue && _isWhole && !_isNegative && Usage is { } usage)
        {
            Usage = _field switch
            {
                Field.Prompt => usage with { Prompt = _number },
                Field.Completion => usage with { Completion = _number },
                _ => usage,
            };
        }

        _field = Field.None;
    }
}

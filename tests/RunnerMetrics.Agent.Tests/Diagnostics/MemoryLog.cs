using System.Text;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Log pages in memory, which a test writes to while they are read.</summary>
internal sealed class MemoryLog : ILineSource
{
    private readonly List<(string Name, List<byte> Content)> _pages = [];
    private int _page;
    private int _offset;
    private byte[] _line = [];

    public MemoryLog(params (string Name, string Content)[] pages)
    {
        foreach (var (name, content) in pages)
        {
            Append(name, content);
        }
    }

    public ReadOnlySpan<byte> Line => _line;

    public LogPosition Start { get; private set; }

    public LogPosition Next => _page < _pages.Count ? new LogPosition(_pages[_page].Name, _offset) : new LogPosition("", 0);

    public void Append(string name, string content) => Append(name, Encoding.UTF8.GetBytes(content));

    public void Append(string name, ReadOnlySpan<byte> content)
    {
        var page = _pages.FindIndex(known => known.Name == name);
        if (page < 0)
        {
            _pages.Add((name, []));
            page = _pages.Count - 1;
        }

        _pages[page].Content.AddRange(content);
    }

    public void MoveTo(LogPosition position)
    {
        _page = Math.Max(0, _pages.FindIndex(page => page.Name == position.File));
        _offset = (int)position.Offset;
    }

    public LineRead Read()
    {
        if (_page >= _pages.Count)
        {
            return LineRead.None;
        }

        var content = _pages[_page].Content;
        var end = content.IndexOf((byte)'\n', _offset);
        if (end < 0 && _page == _pages.Count - 1)
        {
            return LineRead.None;
        }

        if (end < 0 && _offset == content.Count)
        {
            _page++;
            _offset = 0;
            return LineRead.PageEnd;
        }

        var length = (end < 0 ? content.Count : end) - _offset;
        Start = Next;
        _line = [.. content.GetRange(_offset, length)];
        _offset += end < 0 ? length : length + 1;
        return LineRead.Line;
    }
}

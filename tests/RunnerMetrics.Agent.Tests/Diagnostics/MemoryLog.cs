using System.Text;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Log pages in memory, which a test writes to while they are read.</summary>
internal sealed class MemoryLog : ILineSource
{
    private readonly List<(string Name, MemoryStream Content)> _pages = [];
    private int _page;
    private int _offset;
    private int _lineAt;
    private int _lineLength;
    private int _linePage;

    public MemoryLog(params (string Name, string Content)[] pages)
    {
        foreach (var (name, content) in pages)
        {
            Append(name, Encoding.UTF8.GetBytes(content));
        }
    }

    public ReadOnlySpan<byte> Line => Content(_linePage).Slice(_lineAt, _lineLength);

    public LogPosition Start { get; private set; }

    public LogPosition Next => _page < _pages.Count ? new LogPosition(_pages[_page].Name, _offset) : new LogPosition("", 0);

    public void Append(string name, ReadOnlySpan<byte> content)
    {
        if (_pages.Count == 0 || _pages[^1].Name != name)
        {
            _pages.Add((name, new MemoryStream()));
        }

        _pages[^1].Content.Write(content);
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

        var rest = Content(_page)[_offset..];
        var end = rest.IndexOf((byte)'\n');
        if (end < 0 && _page == _pages.Count - 1)
        {
            return LineRead.None;
        }

        if (end < 0 && rest.IsEmpty)
        {
            _page++;
            _offset = 0;
            return LineRead.PageEnd;
        }

        Start = Next;
        (_linePage, _lineAt, _lineLength) = (_page, _offset, end < 0 ? rest.Length : end);
        _offset += end < 0 ? rest.Length : end + 1;
        return LineRead.Line;
    }

    private ReadOnlySpan<byte> Content(int page) => _pages[page].Content.GetBuffer().AsSpan(0, (int)_pages[page].Content.Length);
}

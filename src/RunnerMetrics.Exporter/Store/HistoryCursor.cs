using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RunnerMetrics.Exporter.Store;

/// <summary>A place in the history: behind one row, in front of all that are older. It stays right while rows come and go.</summary>
/// <param name="At">The row's time, in milliseconds since 1970.</param>
/// <param name="Id">The row's number.</param>
internal readonly record struct HistoryCursor(long At, long Id)
{
    /// <summary>Reads what <see cref="ToString"/> made: <c>1764405000000.4711</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out HistoryCursor cursor)
    {
        cursor = default;
        if (text?.Split('.') is not [var at, var id]
            || !long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds) || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        cursor = new HistoryCursor(milliseconds, number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}.{Id}");
}

using System.Globalization;

namespace RunnerMetrics.Metrics.Exposition;

/// <summary>Which format and which encoding an HTTP client prefers (RFC 9110, sections 12.4 and 12.5).</summary>
public static class ContentNegotiation
{
    /// <summary>The content type of the text format.</summary>
    public const string TextContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The content type of OpenMetrics.</summary>
    public const string OpenMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>
    /// The format that an <c>Accept</c> header prefers. If it accepts neither, the text format is sent anyway, as all Prometheus
    /// exporters do, for people with a browser.
    /// </summary>
    /// <param name="accept">The header, or null. One real value, from Prometheus 2.42:
    /// <c>application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1</c>.</param>
    public static ExpositionFormat FormatFor(string? accept)
    {
        double openMetrics = 0, any = 0;
        double? text = null;
        foreach (var range in Ranges(accept))
        {
            var quality = QualityOf(range);
            var type = TypeOf(range);
            if (type.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
            {
                // Version 0.0.1 is what Prometheus called the draft; its servers send 1.0.0 anyway.
                if (ParameterOf(range, "version") is "" or "1.0.0" or "0.0.1")
                {
                    openMetrics = Math.Max(openMetrics, quality);
                }
            }
            else if (type.Equals("text/plain", StringComparison.OrdinalIgnoreCase) || type.Equals("text/*", StringComparison.OrdinalIgnoreCase))
            {
                if (ParameterOf(range, "version") is "" or "0.0.4")
                {
                    text = Math.Max(text ?? 0, quality);
                }
            }
            else if (type is "*/*")
            {
                any = Math.Max(any, quality);
            }
        }

        return openMetrics > 0 && openMetrics >= (text ?? any) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
    }

    /// <summary>Whether an <c>Accept-Encoding</c> header takes gzip.</summary>
    /// <param name="acceptEncoding">The header, or null.</param>
    public static bool AcceptsGzip(string? acceptEncoding)
    {
        double? gzip = null, any = null;
        foreach (var range in Ranges(acceptEncoding))
        {
            var coding = TypeOf(range);
            if (coding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || coding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
            {
                gzip = QualityOf(range);
            }
            else if (coding is "*")
            {
                any = QualityOf(range);
            }
        }

        return (gzip ?? any ?? 0) > 0;
    }

    private static string[] Ranges(string? header) =>
        header?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string TypeOf(string range) => range.Split(';', 2)[0].Trim();

    private static string ParameterOf(string range, string name)
    {
        foreach (var parameter in range.Split(';', StringSplitOptions.TrimEntries).Skip(1))
        {
            var parts = parameter.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parts[1].Trim('"');
            }
        }

        return "";
    }

    // An invalid quality counts as 0.
    private static double QualityOf(string range)
    {
        var quality = ParameterOf(range, "q");
        return quality.Length == 0 ? 1
            : double.TryParse(quality, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) && !double.IsNaN(q) ? Math.Clamp(q, 0, 1)
            : 0;
    }
}

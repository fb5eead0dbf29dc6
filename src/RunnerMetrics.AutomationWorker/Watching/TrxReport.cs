using System.Xml;

namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>
/// Reads a report of tests in the format of Visual Studio (TRX). One real line: <c>&lt;UnitTestResult testName="A.B" outcome="Failed" duration="00:00:00.0049"
/// …&gt;&lt;Output&gt;&lt;ErrorInfo&gt;&lt;Message&gt;Assert.Equal() Failure…</c>.
/// </summary>
internal static class TrxReport
{
    private const int MaxFailures = 20;
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <exception cref="XmlException">The file is no such report, or not whole.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TestCounts Read(string path)
    {
        using var file = File.OpenRead(path);
        using var xml = XmlReader.Create(file, Settings);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "TestRun")
        {
            throw new XmlException($"{path} is not a TRX report: its root is not TestRun");
        }

        int passed = 0, failed = 0, errors = 0;
        List<FailedTest> failures = [];
        while (xml.Read())
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "UnitTestResult" })
            {
                continue;
            }

            var (name, outcome) = (xml.GetAttribute("testName") ?? "", xml.GetAttribute("outcome"));
            switch (outcome)
            {
                case "Passed" or "PassedButRunAborted" or "Warning":
                    passed++;
                    break;
                case "Failed":
                    failed++;
                    Keep(name, xml, failures);
                    break;
                case "NotExecuted" or "Pending" or "InProgress" or null:
                    break; // it did not run
                default:
                    errors++; // Error, Timeout, Aborted, Inconclusive, NotRunnable, Disconnected
                    Keep(name, xml, failures);
                    break;
            }
        }

        return new TestCounts(passed, failed, errors, failures);
    }

    private static void Keep(string name, XmlReader result, List<FailedTest> failures)
    {
        if (failures.Count == MaxFailures)
        {
            return;
        }

        var message = "";
        if (!result.IsEmptyElement)
        {
            using var inner = result.ReadSubtree();
            message = inner.ReadToFollowing("Message", result.NamespaceURI) ? inner.ReadElementContentAsString().Trim() : "";
            while (inner.Read())
            {
            }
        }

        failures.Add(new FailedTest(name, message));
    }
}

using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Configuration;

/// <summary>docs/configuration.md says what the options' descriptions say.</summary>
public class ExporterDocumentationTests
{
    private static readonly IReadOnlyDictionary<string, string[]> Documented = OptionTable.Read("docs/configuration.md", "## The exporter");
    private static readonly IDescribedOption[] Described = [.. new ExporterCommand(_ => null).Root.Options.OfType<IDescribedOption>()];

    [Fact]
    public void Documentation_Options_AreThoseOfTheProgram() => Assert.Equal(Described.Select(option => option.Name).Order(), Documented.Keys.Order());

    [Fact]
    public void Variables_OfEveryOption_AreKnown() => Assert.Empty(UnknownVariables.Find(Described.SelectMany(option => option.Variables).ToDictionary(name => name, _ => "1")));

    [Fact]
    public void Documentation_Defaults_AreThoseOfTheProgram()
    {
        foreach (var option in Described.Where(option => option is not ProgramOption<bool>))
        {
            var written = Documented[option.Name][1];

            // What fits into memory is this machine's.
            Assert.True(written.Contains("fits", StringComparison.Ordinal) || written == (option.DefaultText ?? ""), $"{option.Name} is {option.DefaultText}; docs/configuration.md says {written}.");
        }
    }
}

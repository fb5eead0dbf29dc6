using System.CommandLine;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Configuration;

/// <summary>docs/configuration.md says what the descriptions of the options of <c>run</c> say.</summary>
public class AgentDocumentationTests
{
    private static readonly IReadOnlyDictionary<string, string[]> Documented = OptionTable.Read("docs/configuration.md", "## The agent");
    private static readonly IReadOnlyList<IDescribedOption> Described = Describe();

    [Fact]
    public void Documentation_OptionsAndVariables_AreThoseOfTheProgram() => Assert.Equal(
        Described.Select(option => (option.Name, string.Join(", ", option.Variables))).Order(), Documented.Select(row => (row.Key, row.Value[1].Trim('`'))).Order());

    [Fact]
    public void Documentation_Defaults_AreThoseOfTheProgram() => Assert.All(
        Described.Where(option => option is not ProgramOption<bool>), option => Assert.StartsWith(option.DefaultText ?? "", Documented[option.Name][2], StringComparison.Ordinal));

    [Fact]
    public void Variables_OfEveryOption_AreKnown() => Assert.Empty(UnknownVariables.Find(Described.SelectMany(option => option.Variables).ToDictionary(name => name, _ => "1")));

    private static IDescribedOption[] Describe()
    {
        var command = new Command("run");
        new RunOptions(_ => null).AddTo(command);
        return [.. command.Options.OfType<IDescribedOption>()];
    }
}

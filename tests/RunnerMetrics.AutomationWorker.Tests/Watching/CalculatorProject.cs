using System.Globalization;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Watching;

/// <summary>A small real .NET test project, in a folder of its own, whose tests write a TRX report. Nothing of its builds stays behind.</summary>
internal sealed class CalculatorProject : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CalculatorProject()
    {
        _folder.Write("Arithmetic.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <RunAnalyzers>false</RunAnalyzers>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="xunit.v3" Version="3.2.2" />
              </ItemGroup>
            </Project>
            """);
        _folder.Write("test.sh", """
            set -e
            export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1
            [ -d obj ] || dotnet restore -v q
            dotnet build --no-restore -v q -nodeReuse:false -maxcpucount:1 -p:UseSharedCompilation=false
            exec dotnet bin/Debug/net10.0/Arithmetic.Tests.dll -noColor -trx TestResults/calculator.trx
            """);
        _folder.Write("CalculatorTests.cs", """
            using Xunit;

            public class CalculatorTests
            {
                [Theory]
                [InlineData(1, 2, 3)]
                [InlineData(2, 2, 4)]
                public void Add_TwoNumbers_IsTheirSum(int a, int b, int sum) => Assert.Equal(sum, Calculator.Add(a, b));

                [Fact]
                public void Add_Nothing_IsZero() => Assert.Equal(0, Calculator.Add());

                [Fact(Skip = "Later")]
                public void Divide_ByZero_IsRefused() => Assert.Fail("It is skipped, and so not counted.");
            }
            """);
        Calculate("0");
    }

    public string Path => _folder.Path;

    /// <summary>Changes how the calculator begins to add: at 0 all tests pass, at 1 all fail.</summary>
    public void Calculate(string begin) => _folder.Write(
        "Calculator.cs", $"public static class Calculator\n{{\n    public static int Add(params int[] numbers) => {begin} + numbers.Sum();\n}}\n");

    /// <summary>Makes many files at one moment, however long it takes to write them.</summary>
    public void Burst(int files)
    {
        using var elsewhere = new TemporaryFolder();
        for (var i = 0; i < files; i++)
        {
            elsewhere.Write(string.Create(CultureInfo.InvariantCulture, $"data/{i % 10}/{i}.txt"), "data");
        }

        Directory.Move(System.IO.Path.Combine(elsewhere.Path, "data"), System.IO.Path.Combine(Path, "data"));
    }

    public void Dispose() => _folder.Dispose();
}

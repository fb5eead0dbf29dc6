using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Tests.Model;

/// <summary>The keys of the dashboard: a model that is built changes those of no stack that runs.</summary>
public class DashboardKeysTests
{
    private static readonly string Secrets = PathHelper.GetSecretsPathFromSecretsId(typeof(StackSettings).Assembly.GetCustomAttribute<UserSecretsIdAttribute>()!.UserSecretsId);

    [Fact]
    public async Task Keys_OfAModel_AreItsOwnAndAreNotKept()
    {
        await using var one = StackModel.Build(StackModel.Programs);
        await using var other = StackModel.Build(StackModel.Programs);

        var keys = KeysOf(one);
        Assert.All(keys, key => Assert.Equal(32, key.Length));
        Assert.Empty(keys.Intersect(KeysOf(other)));
        var kept = File.Exists(Secrets) ? await File.ReadAllTextAsync(Secrets, TestContext.Current.CancellationToken) : "";
        Assert.All(keys, key => Assert.DoesNotContain(key, kept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_ThatAreGiven_AreTaken()
    {
        await using var model = StackModel.Build(StackModel.Programs, "--AppHost:OtlpApiKey=given");
        Assert.Equal("given", KeysOf(model)[0]);
    }

    private static string[] KeysOf(StackModel model) => [.. DashboardKeys.Settings.Select(setting => model.Services.GetRequiredService<IConfiguration>()[setting]!)];
}

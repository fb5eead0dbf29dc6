using System.Security.Cryptography;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Checks as whom GitHub's API is asked, before anything is started. GitHub itself is not asked: it may be down, and the exporter starts all the same.</summary>
internal static class GitHubOptionsValidator
{
    /// <summary>Every problem, each with what would be right.</summary>
    public static IReadOnlyList<string> Validate(GitHubOptions options)
    {
        List<string> problems = [];
        if (options.AppId is null != options.AppKeyFile is null)
        {
            problems.Add("--github-app-id and --github-app-key-file belong together: give both, or neither.");
        }

        if (options.AppId is not null && options.TokenFile is not null)
        {
            problems.Add("--github-app-id and --github-token-file exclude each other: GitHub is asked as an App, or with a token.");
        }

        if (options.AppInstallation <= 0)
        {
            problems.Add("--github-app-installation is not the number of an installation: give the one at the end of its address, such as 12345678.");
        }

        if (options.AppInstallation is not null && options.AppId is null)
        {
            problems.Add("--github-app-installation is one of an App's: give --github-app-id and --github-app-key-file too.");
        }

        if (options.AppKeyFile is { } key && KeyProblem(key) is { } problem)
        {
            problems.Add($"--github-app-key-file {key}: {problem}.");
        }

        Token(options, problems);
        problems.AddRange(options.Features.Except(GitHubOptions.AllFeatures).Select(feature => $"--github-features {feature} is not one of {string.Join(", ", GitHubOptions.AllFeatures)}."));
        problems.AddRange(options.Scopes.Where(scope => scope.Split('/') is not ([{ Length: > 0 }] or [{ Length: > 0 }, { Length: > 0 }]))
            .Select(scope => $"--github-scopes {scope}: give an organisation, such as acme, or a repository, such as acme/shop."));
        if (options.Scopes.Select(scope => scope.Split('/')[0]).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1 && options.AppId is not null)
        {
            problems.Add("--github-scopes names several owners, and one installation of an App is one owner's: give those of one.");
        }

        return problems;
    }

    private static void Token(GitHubOptions options, List<string> problems)
    {
        if (options.TokenFile is not { } file)
        {
            return;
        }

        if (SecretFile.ProblemOf(file, "token", SecretFile.ProblemOfHeaderValue) is { } problem)
        {
            problems.Add($"--github-token-file {file}: {problem}.");
        }

        if (options.Scopes.Count == 0)
        {
            problems.Add("--github-token-file needs --github-scopes: a token does not say what to ask for; give an organisation, such as acme.");
        }
    }

    private static string? KeyProblem(string path)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(File.ReadAllText(path));
            _ = key.ExportParameters(includePrivateParameters: true); // throws where it is a public key
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{e.Message.TrimEnd('.')}: give a file that this user can read";
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return "it is no unencrypted RSA private key in PEM: give the file that GitHub made under the App's settings, General, Private keys";
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>Who is let in: Apps by a JSON web token that is verified, installations and people by tokens.</summary>
internal sealed class ApiTokens(FakeApp app, TimeProvider time)
{
    private readonly Dictionary<string, (ApiCaller Caller, DateTimeOffset? Ends)> _tokens = new(StringComparer.Ordinal);

    /// <summary>A personal access token.</summary>
    public void Add(string token, IReadOnlyDictionary<string, string> permissions, DateTimeOffset? ends) =>
        _tokens[token] = (new ApiCaller($"token {token}", false, false, permissions), ends);

    public void Revoke(string token) => _tokens.Remove(token);

    /// <summary>Ends all tokens of installations, as a change of an App's permissions may.</summary>
    public void RevokeInstallations()
    {
        foreach (var token in _tokens.Where(token => token.Value.Caller.IsInstallation).Select(token => token.Key).ToArray())
        {
            _tokens.Remove(token);
        }
    }

    /// <summary>Makes a token for the App's installation.</summary>
    public (string Token, DateTimeOffset Ends) ForInstallation()
    {
        // Of no length or form that anybody may count on.
        var token = "ghs_" + Convert.ToHexString(RandomNumberGenerator.GetBytes(60));
        var ends = time.GetUtcNow() + app.TokenLife;
        _tokens[token] = (new ApiCaller($"installation {app.InstallationId.ToString(CultureInfo.InvariantCulture)}", false, true, app.Permissions), ends);
        return (token, ends);
    }

    /// <summary>Whose an Authorization header is.</summary>
    /// <returns>The caller, or the answer that refuses it.</returns>
    public (ApiCaller? Caller, ApiAnswer? Refusal) Find(string? authorization)
    {
        var words = authorization?.Split(' ', 2) ?? [];
        if (words is not [var scheme, var token] || !(scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || scheme.Equals("token", StringComparison.OrdinalIgnoreCase)))
        {
            return (null, ApiAnswer.Refused(401, "Requires authentication"));
        }

        if (token.Count(c => c == '.') == 2 && !token.StartsWith("gh", StringComparison.Ordinal))
        {
            return JwtVerifier.ProblemOf(token, app, time.GetUtcNow()) is { } problem
                ? (null, ApiAnswer.Refused(401, problem))
                : (new ApiCaller($"app {app.ClientId}", true, false, app.Permissions), null);
        }

        return _tokens.TryGetValue(token, out var known) && !(known.Ends <= time.GetUtcNow())
            ? (known.Caller, null)
            : (null, ApiAnswer.Refused(401, "Bad credentials"));
    }
}

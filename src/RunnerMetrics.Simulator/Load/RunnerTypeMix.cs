namespace RunnerMetrics.Simulator.Load;

/// <summary>Which jobs a type of runner gets.</summary>
internal static class RunnerTypeMix
{
    private static readonly (string Name, string Script, double Share) Checkout = ("Run git checkout", "git fetch --depth 1 && git checkout FETCH_HEAD", 0.05);

    private static readonly (string Name, string Script, double Share) Npm = ("Run npm ci", "npm ci", 0.2);

    private static readonly JobTemplate[] Standard =
    [
        new(30, "acme/shop", "CI", "ci.yml", "lint", 30, 55, 120, null, [], Checkout, Npm, ("Run npm run lint", "npm run lint", 0.75)),
        new(30, "acme/shop", "CI", "ci.yml", "test", 120, 330, 900, "node", ["20", "22", "24"], Checkout, Npm, ("Run npm test", "npm test", 0.75)),
        new(20, "acme/shop", "CI", "ci.yml", "build", 90, 210, 600, null, [], Checkout, Npm, ("Run npm run build", "npm run build", 0.65), ("Run tar -czf dist.tgz dist", "tar -czf dist.tgz dist", 0.1)),
        new(10, "acme/api", "CI", "ci.yml", "test", 120, 260, 720, "shard", ["1", "2"], Checkout, ("Run make test", "make test", 0.95)),
        new(6, "acme/shop", "Deploy", "deploy.yml", "deploy", 60, 150, 480, "environment", ["staging", "production"], Checkout, ("Run ./deploy.sh", "./deploy.sh", 0.8), ("Run ./smoke-test.sh", "./smoke-test.sh", 0.15)),

        // A job's name is its author's: this one says, word for word, what the runner says at a job's end.
        new(4, "acme/docs", "Docs", "docs.yml", "links", 30, 70, 240, "check", ["completed with result: Succeeded"], Checkout, ("Run make check-links", "make check-links", 0.95)),
    ];

    private static readonly JobTemplate[] Chrome =
    [
        new(60, "acme/shop", "End to end", "e2e.yml", "e2e", 180, 480, 1500, "shard", ["1/4", "2/4", "3/4", "4/4"], Checkout, Npm, ("Run npx playwright test", "npx playwright test --browser chromium", 0.75)),
        new(25, "acme/shop", "Visual", "visual.yml", "screenshots", 120, 270, 720, "viewport", ["phone", "desktop"], Checkout, Npm, ("Run npm run screenshots", "npm run screenshots", 0.75)),
        new(15, "acme/shop", "Lighthouse", "lighthouse.yml", "lighthouse", 90, 180, 420, null, [], Checkout, Npm, ("Run npx lhci autorun", "npx lhci autorun", 0.75)),
    ];

    private static readonly JobTemplate[] ChromeGo =
    [
        new(35, "acme/gateway", "CI", "ci.yml", "test", 120, 300, 900, "race", ["on", "off"], Checkout, ("Run go vet ./...", "go vet ./...", 0.15), ("Run go test ./...", "go test ./...", 0.8)),
        new(25, "acme/gateway", "CI", "ci.yml", "build", 60, 140, 420, "platform", ["linux/amd64", "linux/arm64"], Checkout, ("Run go build ./...", "go build ./...", 0.95)),
        new(40, "acme/gateway", "End to end", "e2e.yml", "e2e", 240, 540, 1800, "browser", ["chrome", "chrome-beta"], Checkout, ("Run go build ./cmd/gateway", "go build ./cmd/gateway", 0.15), ("Run go test ./e2e", "go test ./e2e -browser chrome", 0.8)),
    ];

    /// <summary>The types that there are.</summary>
    public static IReadOnlyList<string> Types { get; } = ["standard", "chrome", "chrome-go"];

    /// <summary>The jobs of a type.</summary>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public static IReadOnlyList<JobTemplate> Of(string runnerType) => runnerType switch
    {
        "standard" => Standard,
        "chrome" => Chrome,
        "chrome-go" => ChromeGo,
        _ => throw new ArgumentException($"There is no runner type '{runnerType}': it is one of {string.Join(", ", Types)}.", nameof(runnerType)),
    };
}

using System.Text;
using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Tests.Hooks;

public sealed class HookReportTests
{
    internal const string Whole = """
        runner-metrics-hook 1
        EVENT=job-started
        TIME=1795220563
        RUNNER_NAME=mock-runner-1
        GITHUB_SERVER_URL=https://github.com
        GITHUB_REPOSITORY=acme/shop
        GITHUB_WORKFLOW=CI
        GITHUB_RUN_ID=1001
        GITHUB_RUN_ATTEMPT=1
        GITHUB_JOB=build
        end

        """;

    private static readonly DateTimeOffset WrittenAt = new(2026, 11, 21, 0, 22, 47, 500, TimeSpan.Zero);

    [Fact]
    public void TryParse_WhatTheHookWrites_ReadsIt() => Assert.Equal(
        new HookReport(DateTimeOffset.FromUnixTimeSeconds(1795220563), "mock-runner-1", "https://github.com", "acme/shop", "CI", 1001, 1), Parse(Whole));

    [Fact]
    public void TryParse_NoTime_TakesTheFiles() =>
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 22, 47, TimeSpan.Zero), Parse(Whole.Replace("TIME=1795220563\n", "", StringComparison.Ordinal))?.At);

    [Fact]
    public void TryParse_EscapedBackslash_ReadsIt() =>
        Assert.Equal(@"a\nb\", Parse(Whole.Replace("WORKFLOW=CI", @"WORKFLOW=a\\nb\\", StringComparison.Ordinal))?.Workflow);

    [Fact]
    public void TryParse_CutInsideACharacter_LeavesTheHalfOut()
    {
        byte[] cut = [.. Encoding.UTF8.GetBytes(Whole[..Whole.IndexOf("CI\n", StringComparison.Ordinal)]), (byte)'a', 0xe2, 0x82, .. "\nend\n"u8];
        Assert.True(HookReport.TryParse(cut, WrittenAt, out var report));
        Assert.Equal("a", report.Workflow);
    }

    [Theory]
    [InlineData("runner-metrics-hook 1", "runner-metrics-hook 2")]
    [InlineData("end\n", "")]
    [InlineData("end\n", "end")]
    [InlineData("end\n", "end\nend\n")]
    [InlineData("end\n", "end\nmore\n")]
    [InlineData("EVENT=job-started\n", "")]
    [InlineData("EVENT=job-started", "EVENT=other")]
    [InlineData("TIME=1795220563", "TIME=-1")]
    [InlineData("TIME=1795220563", "TIME=99999999999999999999")]
    [InlineData("RUNNER_NAME=mock-runner-1\n", "")]
    [InlineData("GITHUB_JOB=build", "GITHUB_JOB=build\nGITHUB_JOB=again")]
    [InlineData("GITHUB_JOB=build", "GITHUB_TOKEN=x")]
    [InlineData("GITHUB_JOB=build", "=x")]
    [InlineData("GITHUB_JOB=build", "x")]
    [InlineData("GITHUB_JOB=build", "")]
    [InlineData("acme/shop", "acme")]
    [InlineData("acme/shop", "acme/shop/more")]
    [InlineData("acme/shop", "acme/sh op")]
    [InlineData("acme/shop", @"acme/shop\n")]
    [InlineData("https://github.com", "ftp://github.com")]
    [InlineData("https://github.com", "https://user@github.com")]
    [InlineData("https://github.com", "https://github.com/path")]
    [InlineData("WORKFLOW=CI", @"WORKFLOW=a\nb")]
    [InlineData("WORKFLOW=CI", @"WORKFLOW=a\b")]
    [InlineData("WORKFLOW=CI", @"WORKFLOW=a\")]
    [InlineData("WORKFLOW=CI", "WORKFLOW=a\0")]
    [InlineData("RUN_ID=1001", "RUN_ID=1e3")]
    [InlineData("RUN_ID=1001", "RUN_ID=0")]
    [InlineData("RUN_ID=1001", "RUN_ID=99999999999999999999")]
    [InlineData("ATTEMPT=1", "ATTEMPT=2147483648")]
    public void TryParse_AnythingElse_IsRefused(string right, string wrong)
    {
        Assert.Contains(right, Whole, StringComparison.Ordinal);
        Assert.Null(Parse(Whole.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void TryParse_AnyPrefix_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(HookReport.TryParse(bytes.AsSpan(0, length), WrittenAt, out _));
        }
    }

    private static HookReport? Parse(string text) => HookReport.TryParse(Encoding.UTF8.GetBytes(text), WrittenAt, out var report) ? report : null;
}

# The job hooks of the Actions runner for PowerShell, as job-started.sh and job-completed.sh are for a POSIX shell: this script goes by its own name, and leaves one small file
# for the agent in the hook folder, RUNNER_METRICS_HOOKS or else the folder it stands in. The runner fails the job where a hook fails, and waits for it without a limit: so
# nothing here fails, prints, waits or talks to the network. RUNNER_METRICS_HOOK_WAIT is for the other two alone.
#
# A hook of your own, named by RUNNER_METRICS_NEXT_STARTED_HOOK or RUNNER_METRICS_NEXT_COMPLETED_HOOK, runs afterwards in its place.
$hookEvent = if ((Split-Path -Leaf $PSCommandPath) -like '*completed*') { 'job-completed' } else { 'job-started' }
$latin = [Text.Encoding]::GetEncoding(28591)
$folder = if ($env:RUNNER_METRICS_HOOKS) { $env:RUNNER_METRICS_HOOKS } else { Split-Path -Parent $PSCommandPath }

# By option, TRACEPARENT for the job's steps, as in job-started.sh.
try {
  if ($env:RUNNER_METRICS_HOOK_TRACEPARENT -in 'true', '1' -and "$env:GITHUB_RUN_ID-$env:GITHUB_RUN_ATTEMPT" -match '\A[0-9]+-[0-9]+\z') {
    $left = Join-Path $folder "$env:GITHUB_RUN_ID-$env:GITHUB_RUN_ATTEMPT.span"
    if ($hookEvent -eq 'job-completed') {
      Remove-Item -LiteralPath $left -Force -ErrorAction SilentlyContinue
    } elseif (!$env:TRACEPARENT -and $env:GITHUB_ENV) {
      $sha = [Security.Cryptography.SHA256]::Create()
      $trace, $span = 't', 's' | ForEach-Object {
        [BitConverter]::ToString($sha.ComputeHash($latin.GetBytes("$env:GITHUB_RUN_ID$env:GITHUB_RUN_ATTEMPT$_"))).Replace('-', '').ToLowerInvariant()
      }
      $trace, $span = $trace.Substring(0, 32), $span.Substring(16, 16)
      if (Test-Path -LiteralPath $left -PathType Leaf) {
        $given = "$(Get-Content -LiteralPath $left -TotalCount 1)"
        Remove-Item -LiteralPath $left -Force
        if ($given -cmatch '\A[0-9a-f]{16}\z' -and $given -ne '0000000000000000') { $span = $given }
      }
      $stream = [IO.File]::Open($env:GITHUB_ENV, [IO.FileMode]::Open)
      try {
        $size = $stream.Length
        $present = New-Object byte[] $size
        $null = $stream.Read($present, 0, $size)
        if ($latin.GetString($present) -cnotmatch '(?m)^TRACEPARENT[=<]') {
          $line = $latin.GetBytes($(if ($size) { "`n" }) + "TRACEPARENT=00-$trace-$span-01`n")
          try {
            $stream.Write($line, 0, $line.Length)
            $stream.Flush()
          } catch {
            $stream.SetLength($size)
          }
        }
      } finally {
        $stream.Dispose()
      }
    }
  }
} catch {
  $null = $_
}

try {
  # Where no agent takes the files, they do not pile up.
  if ((Test-Path -LiteralPath $folder -PathType Container) -and @(Get-ChildItem -LiteralPath $folder -Filter '*.hook' -Force).Count -lt 1000) {
    $now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    $text = "runner-metrics-hook 1`nEVENT=$hookEvent`nTIME=$now`n"
    # All that is ever written: these variables and no others, each cut to 512 bytes; a line end or a backslash in it becomes \n, \r or \\.
    foreach ($name in 'RUNNER_NAME', 'GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_WORKFLOW', 'GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_JOB') {
      $value = [Environment]::GetEnvironmentVariable($name)
      if ($value) {
        $bytes = [Text.Encoding]::UTF8.GetBytes($value)
        $value = $latin.GetString($bytes, 0, [Math]::Min(512, $bytes.Length))
        $text += $name + '=' + $value.Replace('\', '\\').Replace("`n", '\n').Replace("`r", '\r') + "`n"
      }
    }
    $file = "$hookEvent-$PID-$now"
    if ($env:GITHUB_RUN_ID -match '\A[0-9]{1,19}\z') { $file += "-$env:GITHUB_RUN_ID" }
    $new = Join-Path $folder ".$file.new"
    $stream = [IO.File]::Open($new, [IO.FileMode]::CreateNew)
    try {
      $bytes = $latin.GetBytes($text + "end`n")
      $stream.Write($bytes, 0, $bytes.Length)
    } finally {
      $stream.Dispose()
    }
    Move-Item -LiteralPath $new -Destination (Join-Path $folder "$file.hook") -Force
  }
} catch {
  # The job matters more than its metrics.
  $null = $_
}
$next = if ($hookEvent -eq 'job-started') { $env:RUNNER_METRICS_NEXT_STARTED_HOOK } else { $env:RUNNER_METRICS_NEXT_COMPLETED_HOOK }
if ($next) {
  $global:LASTEXITCODE = 0
  & $next
  exit $LASTEXITCODE
}
exit 0

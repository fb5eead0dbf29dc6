# The job hooks of the Actions runner for PowerShell, as job-started.sh and job-completed.sh are for a POSIX shell: this script goes by its own name, and leaves one small file
# for the agent in the hook folder, RUNNER_METRICS_HOOKS or else the folder it stands in. The runner fails the job where a hook fails, and waits for it without a limit: so
# nothing here fails, prints, waits or talks to the network. RUNNER_METRICS_HOOK_WAIT is for the other two alone.
#
# A hook of your own, named by RUNNER_METRICS_NEXT_STARTED_HOOK or RUNNER_METRICS_NEXT_COMPLETED_HOOK, runs afterwards in its place.
$hookEvent = if ((Split-Path -Leaf $PSCommandPath) -like '*completed*') { 'job-completed' } else { 'job-started' }
try {
  $latin = [Text.Encoding]::GetEncoding(28591)
  $folder = if ($env:RUNNER_METRICS_HOOKS) { $env:RUNNER_METRICS_HOOKS } else { Split-Path -Parent $PSCommandPath }
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

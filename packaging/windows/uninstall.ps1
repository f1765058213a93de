#Requires -RunAsAdministrator
<#
.SYNOPSIS
Removes the Omis Agent's service and program.
.PARAMETER Purge
Also removes config and state, %ProgramData%\omis-agent.
#>
[CmdletBinding()]
param([switch] $Purge)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$name = 'omis-agent'
$service = Get-Service -Name $name -ErrorAction SilentlyContinue
if ($service) {
    if ($service.Status -ne 'Stopped') {
        # Finishes or takes back a rollout in progress.
        $service.Stop()
        $service.WaitForStatus('Stopped', [TimeSpan]::FromSeconds(150))
    }
    & sc.exe delete $name | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "sc.exe could not delete the service ($LASTEXITCODE)." }
}

if ([System.Diagnostics.EventLog]::SourceExists($name)) { [System.Diagnostics.EventLog]::DeleteEventSource($name) }

foreach ($folder in @(Join-Path $env:ProgramFiles $name) + $(if ($Purge) { Join-Path $env:ProgramData $name })) {
    if (Test-Path $folder) { Remove-Item $folder -Recurse -Force }
}
Write-Output $(if ($Purge) { 'Removed, with config and state.' } else { "Removed. Config and state stay in $(Join-Path $env:ProgramData $name)." })

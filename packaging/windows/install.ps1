#Requires -RunAsAdministrator
<#
.SYNOPSIS
Installs the Omis Agent as a Windows service, or upgrades it.
.DESCRIPTION
The program goes to %ProgramFiles%\omis-agent; config and state stay in %ProgramData%\omis-agent. A service that runs is
stopped first, which finishes or takes back a rollout in progress, and started again afterwards. A new one is not started:
it touches containers, so a person decides.
.PARAMETER Start
Starts the service, also where it did not run.
#>
[CmdletBinding()]
param([switch] $Start)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$name = 'omis-agent'
$program = Join-Path $env:ProgramFiles $name
$data = Join-Path $env:ProgramData $name
$exe = Join-Path $program 'omis-agent.exe'
$source = Join-Path $PSScriptRoot 'bin'
if (-not (Test-Path (Join-Path $source 'omis-agent.exe'))) { throw "There is no bin\omis-agent.exe beside this script; unpack the whole zip." }

$service = Get-Service -Name $name -ErrorAction SilentlyContinue
$ran = $service -and $service.Status -eq 'Running'
if ($ran) {
    # As long as the default revert budget of two minutes, and to spare.
    $service.Stop()
    $service.WaitForStatus('Stopped', [TimeSpan]::FromSeconds(150))
}

if (Test-Path $program) { Remove-Item $program -Recurse -Force }
Copy-Item $source $program -Recurse
Copy-Item (Join-Path $PSScriptRoot 'omis-agent.schema.json'), (Join-Path $PSScriptRoot 'THIRD-PARTY-NOTICES.txt'), (Join-Path $PSScriptRoot 'sbom.cdx.json') $program

# Secrets may lie beside the config: administrators and the system only.
if (-not (Test-Path $data)) { New-Item $data -ItemType Directory | Out-Null }
& icacls.exe $data /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls could not protect $data ($LASTEXITCODE)." }
$config = Join-Path $data 'omis-agent.json'
if (-not (Test-Path $config)) { Copy-Item (Join-Path $PSScriptRoot 'omis-agent.json') $config }

if (-not $service) {
    New-Service -Name $name -BinaryPathName "`"$exe`" run" -DisplayName 'Omis Agent' -StartupType Automatic `
        -Description 'Updates docker compose services as transactions.' | Out-Null
}
& sc.exe failure $name reset= 600 actions= restart/5000/restart/15000/restart/60000 | Out-Null
if ($LASTEXITCODE -ne 0) { throw "sc.exe could not set what follows a failure ($LASTEXITCODE)." }

# Warnings and what is worse are entries of the event log, too.
if (-not [System.Diagnostics.EventLog]::SourceExists($name)) { [System.Diagnostics.EventLog]::CreateEventSource($name, 'Application') }

& $exe validate
if ($LASTEXITCODE -ne 0) { throw "The config has mistakes; correct $config, then start the service." }
if ($ran -or $Start) { Start-Service -Name $name }
Write-Output "Installed. Look before you let it loose: & '$exe' doctor; & '$exe' plan; then Start-Service $name"

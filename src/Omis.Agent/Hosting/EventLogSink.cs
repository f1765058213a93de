using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security;
using Omis.Agent.Rendering;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace Omis.Agent.Hosting;

/// <summary>
/// Windows' event log, where an administrator looks first: one entry for each warning and what is worse, under the source
/// that the installation registered. An event log that is full or closed to us is no reason to stop.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class EventLogSink : ILogEventSink
{
    private const string Source = "omis-agent";

    /// <summary>The most that one entry holds is 31,839 characters. Source: ReportEvent.</summary>
    private const int Longest = 31_000;

    public void Emit(LogEvent logEvent)
    {
        try
        {
            EventLog.WriteEntry(Source, Text(logEvent), logEvent.Level >= LogEventLevel.Error ? EventLogEntryType.Error : EventLogEntryType.Warning);
        }
        catch (Exception fault) when (fault is Win32Exception or SecurityException or InvalidOperationException)
        {
            SelfLog.WriteLine("the event log takes no entry: {0}", fault.Message);
        }
    }

    private static string Text(LogEvent logEvent)
    {
        var text = Printable.Line(logEvent.RenderMessage(CultureInfo.InvariantCulture)) + (logEvent.Exception is { } fault ? $"\n{fault}" : "");
        return text.Length > Longest ? text[..Longest] : text;
    }
}

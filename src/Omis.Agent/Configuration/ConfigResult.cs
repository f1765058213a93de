using System.Collections.Immutable;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>Either valid settings, or every error at once.</summary>
/// <param name="Settings">Null where there is any error.</param>
/// <param name="Warnings">What is accepted and yet not what one might expect.</param>
public sealed record ConfigResult(AgentSettings? Settings, ImmutableArray<ConfigError> Errors, ImmutableArray<ConfigWarning> Warnings)
{
    /// <summary>What could be read in spite of errors; good for finding a running service's state, and for nothing else.</summary>
    public AgentSettings? Unchecked { get; init; }
}

/// <summary>What was found and what would be right. Never shows a value that came from a file or a variable, nor a secret.</summary>
/// <param name="Path">Such as <c>projects.web.services.api.probes[0].http</c>; empty for the document itself.</param>
/// <param name="Line">From 1, where the text is not JSON.</param>
/// <param name="Column">From 1, in characters.</param>
public sealed record ConfigError(string Path, string Message, int? Line = null, int? Column = null)
{
    /// <summary>The file that it stands in, where there is more than one.</summary>
    public string? Source { get; init; }

    public override string ToString() => Source is null ? Place() : $"{Source}: {Place()}";

    private string Place() =>
        Line is not null ? $"line {Line}, column {Column}: {Message}"
        : Path.Length > 0 ? $"{Path}: {Message}"
        : Message;
}

public sealed record ConfigWarning(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}

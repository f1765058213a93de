using System.Collections.Immutable;

namespace Omis.Agent.Core.Notifying;

/// <summary>A notice put into words, before any channel's own markup. All of it is plain text.</summary>
public sealed record Message
{
    public required Notice Notice { get; init; }

    /// <summary>The machine that the agent keeps.</summary>
    public required string Host { get; init; }

    /// <summary>A project, or a registry.</summary>
    public required string Subject { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Some lines.</summary>
    public required string Body { get; init; }

    /// <summary>A failed container's last words.</summary>
    public ImmutableArray<string> Log { get; init; } = [];

    public ImmutableArray<Link> Links { get; init; } = [];

    public string Id => Notice.Id;

    public Severity Severity => Notice.Severity;

    /// <summary>Title, body and log, for channels without markup.</summary>
    public string Text => string.Join('\n', [Body, .. Log.Select(line => $"| {line}")]);
}

public sealed record Link(string Text, string Url);

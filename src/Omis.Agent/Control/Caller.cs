namespace Omis.Agent.Control;

/// <param name="Name">For the history where the caller gives none: the user's at the socket, the address otherwise.</param>
internal sealed record Caller(string Name);

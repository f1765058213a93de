namespace Omis.Agent.Hosting;

/// <summary>Somebody else is rolling out.</summary>
internal sealed class BusyException(string what = "another process is already rolling out on this engine; try again when it has ended") : Exception(what);

/// <summary>The service ends, and begins nothing any more.</summary>
internal sealed class StoppingException() : Exception("the service is being stopped");

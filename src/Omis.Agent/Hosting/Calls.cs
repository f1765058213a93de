using Omis.Agent.Core.Checking;

namespace Omis.Agent.Hosting;

/// <summary>What calls the worker between two passes of the schedule.</summary>
internal sealed record Calls(Bell Bell, Orders Orders);

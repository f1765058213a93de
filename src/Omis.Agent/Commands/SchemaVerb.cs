using Omis.Agent.Configuration;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

internal sealed class SchemaVerb(Surroundings around) : Verb("schema", "Print the config's JSON Schema", around)
{
    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        call.Around.Out.Line(ConfigSchema.Text());
        return Task.FromResult(ExitCodes.Done);
    }
}

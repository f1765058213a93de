using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Hosting;

/// <summary>Tells other processes what the service is at. That nobody could be told is no reason to stop.</summary>
internal sealed partial class Announcer(IServiceBoard board, ILogger<Announcer> logger)
{
    public async Task SayAsync(ServiceActivity activity, DateTimeOffset? nextCheckAt)
    {
        try
        {
            await board.PutAsync(ServiceProcess.Sign(activity, nextCheckAt), CancellationToken.None);
        }
        catch (EnvironmentException fault)
        {
            Unheard(logger, fault.Message);
        }
    }

    [LoggerMessage(5021, LogLevel.Warning, "'status' cannot be told what the service is at: {Problem}")]
    private static partial void Unheard(ILogger logger, string problem);
}

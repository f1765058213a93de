using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Control;

/// <summary>Brings every request to its route, and turns whatever goes wrong into an answer.</summary>
internal sealed partial class Reception(Routes routes, ILogger<Reception> logger)
{
    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            await routes.Find(context.Request)(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be answered.
        }
        catch (Exception fault) when (Problem.Of(fault) is { } problem)
        {
            await Replies.RefuseAsync(context, problem);
        }
#pragma warning disable CA1031 // One odd request must not end the answer to all others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Unexpected(logger, fault);
            await Replies.RefuseAsync(context, Problem.Unexpected);
        }
    }

    [LoggerMessage(7011, LogLevel.Error, "A request met an unexpected fault")]
    private static partial void Unexpected(ILogger logger, Exception fault);
}

/// <summary>A request that is answered with an error. The message is shown to the caller.</summary>
internal sealed class RefusedException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;
}

using Omis.Agent.Control.Client;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

/// <summary>The one place where what went wrong becomes an exit code and a readable line.</summary>
internal static class Faults
{
    public static async Task<int> ToExitCodeAsync(Invocation call, Func<Task<int>> verb, CancellationToken ct)
    {
        try
        {
            return await verb();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            call.Answer.Fail(ReasonCode.Cancelled.Text(), "told to stop");
            return ExitCodes.Done;
        }
#pragma warning disable CA1031 // The last one who can say what happened in a readable way.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Report(call, fault);
        }
    }

    private static int Report(Invocation call, Exception fault)
    {
        switch (fault)
        {
            case ConfigException config:
                call.Answer.Fail(new ConfigErrorsDocument(config.Result.Errors), Documents.Default.ConfigErrorsDocument, config.Result.Errors.Select(error => $"config: {error}"));
                return ExitCodes.Usage;
            case UsageException or UnknownWorkloadException:
                call.Answer.Fail("usage", fault.Message);
                return ExitCodes.Usage;
            case BusyException:
                call.Answer.Fail("busy", fault.Message);
                return ExitCodes.Busy;
            case ForbiddenException:
                call.Answer.Fail("forbidden", fault.Message);
                return ExitCodes.Environment;
            case SilentServiceException:
                call.Answer.Fail("serviceSilent", fault.Message);
                return ExitCodes.Fault;
            case EnvironmentException environment:
                call.Answer.Fail(environment.Code.Text(), environment.Message);
                return ExitCodes.Environment;
            default:
                call.Answer.Fail("fault", $"unexpected {fault.GetType().Name}: {fault.Message}", call.Debugs ? [fault.ToString()] : ["(--verbose shows where)"]);
                return ExitCodes.Fault;
        }
    }
}

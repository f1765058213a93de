using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Control;

/// <summary>Why there is no answer. Source: RFC 9457, whose <c>type</c> is left out where it would be <c>about:blank</c>.</summary>
/// <param name="Code">In the same words as <c>--json</c>.</param>
internal sealed record Problem(string Title, int Status, string Code, string Detail)
{
    /// <summary>What no caller can mend.</summary>
    public static readonly Problem Unexpected = Of(StatusCodes.Status500InternalServerError, "unexpected", "an unexpected fault; the agent's log has it");

    /// <returns>Null for what was not foreseen.</returns>
    public static Problem? Of(Exception fault) => fault switch
    {
        RefusedException refused => Of(refused.Status, refused.Code, refused.Message),
        BadHttpRequestException bad => Of(bad.StatusCode, Replies.Code(bad.StatusCode), "the request cannot be read"),
        UnknownWorkloadException => Of(StatusCodes.Status404NotFound, "unknownWorkload", fault.Message),
        BusyException => Of(StatusCodes.Status409Conflict, "busy", fault.Message),
        StoppingException => Of(StatusCodes.Status503ServiceUnavailable, "stopping", fault.Message),
        EnvironmentException away => Of(StatusCodes.Status503ServiceUnavailable, away.Code.Text(), fault.Message),
        _ => null,
    };

    private static Problem Of(int status, string code, string detail) => new(ReasonPhrases.GetReasonPhrase(status), status, code, detail);
}

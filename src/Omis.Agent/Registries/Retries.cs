using System.Net;
using Polly;
using Polly.Retry;

namespace Omis.Agent.Registries;

/// <summary>Two quick second chances for what often passes by itself: a dropped connection, a server just restarting. A refusal (4xx) is final.</summary>
internal static class Retries
{
    public static ResiliencePipeline<HttpResponseMessage> Of(RegistryPatience patience, TimeProvider clock) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                Delay = patience.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(IsPassing(args.Outcome)),
            })
            .Build();

    private static bool IsPassing(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException fault } => TransportFaults.IsBrokenOff(fault)
            || fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,

        // A server that says when to come back is not hurried.
        { Result: { } response } => response.StatusCode >= HttpStatusCode.InternalServerError
            && response.StatusCode != HttpStatusCode.NotImplemented && response.Headers.RetryAfter is null,
        _ => false,
    };
}

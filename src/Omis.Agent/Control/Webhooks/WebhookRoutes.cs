using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>One path for each dialect.</summary>
internal static class WebhookRoutes
{
    public static readonly ImmutableArray<Dialect> Dialects =
    [
        new("acr", AcrPayload.Read),
        new("dockerhub", DockerHubPayload.Read),
        new("ghcr", GhcrPayload.Read),
        new("harbor", HarborPayload.Read),
        new("generic", GenericPayload.Read),
    ];

    public static ImmutableArray<Route> Of(Doorkeeper door, Bell bell, ILogger<WebhookEndpoint> logger) =>
        [.. Dialects.SelectMany(dialect => new WebhookEndpoint(dialect, door, bell, logger).Routes)];
}

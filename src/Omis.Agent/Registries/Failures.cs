using System.Net;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Registries;

/// <summary>What a refusal means and what to do about it. Names hosts, repositories and users; repeats nothing that a server wrote.</summary>
internal static class Failures
{
    public static RegistryAnswer.Failed OfManifest(Asked asked, HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Unauthorized(asked, Where(asked, response)),
        HttpStatusCode.NotFound => new(ReasonCode.ImageNotFound, $"{Where(asked, response)} has no {asked.Reference}"),
        HttpStatusCode.TooManyRequests => asked.Host.Cooldown.Begin(response),
        _ => Unavailable(asked, response),
    };

    /// <summary>A realm says 400 as well as 401 to a refresh token that has run out (RFC 6749 §5.2).</summary>
    public static RegistryAnswer.Failed OfRealm(Asked asked, HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Unauthorized(asked, $"the token realm at {Where(asked, response)}"),
        HttpStatusCode.TooManyRequests => asked.Host.Cooldown.Begin(response),
        _ => Unavailable(asked, response),
    };

    public static RegistryAnswer.Failed Unavailable(string detail) => new(ReasonCode.RegistryUnavailable, detail);

    public static RegistryAnswer.Failed Unauthorized(Asked asked, string who) =>
        new(ReasonCode.RegistryUnauthorized, $"{who} refuses {asked.Scope} to {asked.Holder}; {Remedy(asked)}");

    /// <summary>A 500 may be of one repository alone; the others are what stands before a registry says of all of it.</summary>
    private static RegistryAnswer.Failed Unavailable(Asked asked, HttpResponseMessage response)
    {
        var failure = Unavailable($"{Where(asked, response)} answered {(int)response.StatusCode} for {asked.Reference}");
        return response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? asked.Host.Standing.Break(failure, asked.Began, asked.Host.Cooldown.Asked(response) ?? TimeSpan.Zero)
            : failure;
    }

    private static string Remedy(Asked asked) => asked.Credential is null
        ? $"give registries[\"{asked.Reference.Registry}\"] a username and a passwordFile, or log in with docker login, unless the name is wrong"
        : asked.Credential.Remedy ?? "check that the credential is current and may pull from this repository";

    private static string Where(Asked asked, HttpResponseMessage response) =>
        response.RequestMessage?.RequestUri is { } uri && !asked.Host.Address.IsOwn(uri) ? uri.Authority : asked.Host.Address.Name;
}

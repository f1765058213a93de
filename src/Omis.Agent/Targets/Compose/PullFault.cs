using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Targets.Compose;

/// <summary>What an engine's words about a failed pull mean. It passes the registry's on, so the words are all there is.</summary>
internal static class PullFault
{
    private static readonly ImmutableArray<(string Words, ReasonCode Code)> Meanings =
    [
        ("no matching manifest", ReasonCode.PlatformMismatch),
        ("no match for platform", ReasonCode.PlatformMismatch),
        ("no space left", ReasonCode.Disk),
        ("toomanyrequests", ReasonCode.RateLimited),
        ("too many requests", ReasonCode.RateLimited),
        ("unauthorized", ReasonCode.RegistryUnauthorized),
        ("authentication required", ReasonCode.RegistryUnauthorized),
        ("access denied", ReasonCode.RegistryUnauthorized),
        ("denied:", ReasonCode.RegistryUnauthorized),
        ("403 forbidden", ReasonCode.RegistryUnauthorized),
        ("no basic auth credentials", ReasonCode.RegistryUnauthorized),
        ("manifest unknown", ReasonCode.ImageNotFound),
        ("not found", ReasonCode.ImageNotFound),
        ("connection refused", ReasonCode.RegistryUnavailable),
        ("no such host", ReasonCode.RegistryUnavailable),
        ("i/o timeout", ReasonCode.RegistryUnavailable),
    ];

    public static ReasonCode Of(string message) =>
        Meanings.Where(meaning => message.Contains(meaning.Words, StringComparison.OrdinalIgnoreCase))
            .Select(meaning => (ReasonCode?)meaning.Code).FirstOrDefault() ?? ReasonCode.PullFailed;
}

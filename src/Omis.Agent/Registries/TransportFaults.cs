using System.Security.Authentication;

namespace Omis.Agent.Registries;

/// <summary>Why no answer came, for people. The framework's texts are used only where they hold no bytes of the server's.</summary>
internal static class TransportFaults
{
    /// <summary>Null for what nobody expected.</summary>
    public static string? Explain(Exception fault, string registry, TimeSpan timeout) => fault switch
    {
        RegistryFaultException => fault.Message,
        OperationCanceledException => $"{registry} did not answer within {timeout.TotalSeconds:0.#} s",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError } =>
            $"{registry} cannot be reached: {fault.Message}",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            $"{registry} cannot be reached over TLS: {Inner(fault)}; where its certificate comes from a CA of your own, name it with caFile",
        HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => $"{registry} did not answer as HTTP has it",
        IOException => $"{registry} broke off its answer",
        HttpRequestException broken when IsBrokenOff(broken) => $"{registry} broke off its answer",
        HttpRequestException => $"{registry} did not answer as HTTP has it",
        _ => null,
    };

    /// <summary>A connection that was reset comes without a kind of its own.</summary>
    public static bool IsBrokenOff(HttpRequestException fault) =>
        fault.HttpRequestError == HttpRequestError.ResponseEnded
        || fault is { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException };

    private static string Inner(Exception fault) => fault.InnerException is AuthenticationException { InnerException: null } inner ? inner.Message : "the handshake failed";
}

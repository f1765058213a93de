using System.Net.Sockets;
using System.Security.Authentication;

namespace Omis.Agent.Probes;

/// <summary>What a person reads when no answer came. Only texts that are known to hold nothing of the request are passed on.</summary>
internal static class HttpFaults
{
    public static string Text(Exception fault) => fault switch
    {
        UnusableCaFileException => fault.Message,
        SocketException or AuthenticationException => fault.Message,
        HttpRequestException { InnerException: SocketException or AuthenticationException } => Text(fault.InnerException),
        HttpRequestException http => Text(http.HttpRequestError),
        HttpIOException io => Text(io.HttpRequestError),
        IOException => "the connection broke off",
        FormatException => "its method or one of its headers is not valid in HTTP",
        _ => fault.GetType().Name,
    };

    private static string Text(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the name does not resolve",
        HttpRequestError.ConnectionError => "cannot connect",
        HttpRequestError.SecureConnectionError => "no TLS connection could be made",
        HttpRequestError.ResponseEnded => "closed before it had answered",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        HttpRequestError.ConfigurationLimitExceeded => "the answer's headers are too long",
        _ => "the request failed",
    };
}

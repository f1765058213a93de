using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Omis.Agent.Probes;

/// <summary>Where one container can be reached, to fill in a probe's <c>{ip}</c>, <c>{port:8080}</c> and <c>{port:53/udp}</c>.</summary>
/// <param name="Ip">The container's own address; null where it has none (network mode host or none).</param>
/// <param name="Ports">Published host ports by container port as the engine writes it: <c>8080/tcp</c>.</param>
public sealed partial record ProbeAddress(string? Ip, ImmutableDictionary<string, int> Ports)
{
    public static readonly ProbeAddress None = new(null, ImmutableDictionary<string, int>.Empty);

    /// <param name="problem">What could not be filled in; null where all could.</param>
    public string Fill(string template, out string? problem)
    {
        string? missing = null;
        var filled = Placeholder().Replace(template, match =>
        {
            var value = Value(match);
            missing ??= value is null ? $"{match.Value} is unknown: {Why(match)}" : null;
            return value ?? match.Value;
        });
        problem = missing;
        return filled;
    }

    private string? Value(Match match) => match switch
    {
        _ when match.Value == "{ip}" => Ip is { } ip && ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : Ip is "" ? null : Ip,
        _ when Port(match) is { } port && Ports.TryGetValue(port, out var published) => published.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Why(Match match) =>
        match.Value == "{ip}" ? "the container has no address of its own"
        : Port(match) is { } port ? $"the container's port {port} is not published"
        : "only {ip} and {port:NUMBER} are filled in";

    private static string? Port(Match match) =>
        match.Groups["port"] is { Success: true } port
            ? $"{port.Value}/{(match.Groups["protocol"] is { Success: true } protocol ? protocol.Value : "tcp")}"
            : null;

    /// <summary>Anything else in braces is a mistake that is named rather than asked of the server.</summary>
    [GeneratedRegex(@"\{ip\}|\{port:(?<port>[0-9]{1,5})(?:/(?<protocol>tcp|udp|sctp))?\}|\{[^{}]*\}")]
    private static partial Regex Placeholder();
}

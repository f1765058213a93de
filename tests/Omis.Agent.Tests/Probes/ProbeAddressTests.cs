using System.Collections.Immutable;
using Omis.Agent.Probes;

namespace Omis.Agent.Tests.Probes;

public sealed class ProbeAddressTests
{
    private static readonly ProbeAddress Container = new("172.18.0.5", ImmutableDictionary<string, int>.Empty.Add("8080/tcp", 32768).Add("53/udp", 5353));

    [Theory]
    [InlineData("http://127.0.0.1:5000/health", "http://127.0.0.1:5000/health")]
    [InlineData("http://{ip}:8080/", "http://172.18.0.5:8080/")]
    [InlineData("http://127.0.0.1:{port:8080}/", "http://127.0.0.1:32768/")]
    [InlineData("127.0.0.1:{port:8080/tcp}", "127.0.0.1:32768")]
    [InlineData("127.0.0.1:{port:53/udp}", "127.0.0.1:5353")]
    [InlineData("{ip}:{port:8080}", "172.18.0.5:32768")]
    public void It_fills_in_what_the_container_has(string template, string expected)
    {
        Assert.Equal(expected, Container.Fill(template, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port:81}/", "{port:81} is unknown: the container's port 81/tcp is not published")]
    [InlineData("127.0.0.1:{port:53}", "{port:53} is unknown: the container's port 53/tcp is not published")]
    [InlineData("http://{IP}/", "{IP} is unknown: only {ip} and {port:NUMBER} are filled in")]
    [InlineData("http://{port:http}/", "{port:http} is unknown: only {ip} and {port:NUMBER} are filled in")]
    public void It_says_what_it_cannot_fill_in(string template, string expected)
    {
        Container.Fill(template, out var problem);
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_container_without_an_address_says_so(string? ip)
    {
        (ProbeAddress.None with { Ip = ip }).Fill("http://{ip}/", out var problem);
        Assert.Equal("{ip} is unknown: the container has no address of its own", problem);
    }

    [Fact]
    public void An_IPv6_address_is_bracketed() =>
        Assert.Equal("http://[fd00::5]:80/", (Container with { Ip = "fd00::5" }).Fill("http://{ip}:80/", out _));
}

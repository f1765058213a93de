using System.Net;
using Omis.Agent.Core.Probing;
using Omis.Agent.Probes;

namespace Omis.Agent.Tests.Probes;

public sealed class HttpProbeTlsTests : IDisposable
{
    private readonly TestAuthority authority = new();

    public void Dispose() => authority.Dispose();

    [Fact]
    public async Task A_certificate_of_nobody_known_is_bad()
    {
        var sample = await Probe(url => new(url), IPAddress.Loopback);

        Assert.False(sample.Ok);
        Assert.Contains("certificate", sample.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_the_given_authority_is_well() =>
        Assert.True((await Probe(url => new(url) { CaFile = authority.CaFile }, IPAddress.Loopback)).Ok);

    [Fact]
    public async Task A_certificate_for_another_name_is_bad_even_of_the_given_authority()
    {
        var sample = await Probe(url => new(url) { CaFile = authority.CaFile }, address: null);

        Assert.False(sample.Ok);
        Assert.Contains("RemoteCertificateNameMismatch", sample.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_bad()
    {
        using var other = new TestAuthority();

        Assert.False((await Probe(url => new(url) { CaFile = other.CaFile }, IPAddress.Loopback)).Ok);
    }

    [Fact]
    public async Task Insecure_takes_any_certificate() =>
        Assert.True((await Probe(url => new(url) { Insecure = true }, address: null)).Ok);

    [Theory]
    [InlineData("/nowhere/ca.pem")]
    [InlineData("/dev/null")]
    public async Task An_authority_that_cannot_be_read_is_bad_and_named(string path)
    {
        var sample = await Probe(url => new(url) { CaFile = path }, IPAddress.Loopback);

        Assert.False(sample.Ok);
        Assert.Contains($"caFile {path}", sample.Detail, StringComparison.Ordinal);
    }

    private async Task<Sample> Probe(Func<string, ProbeSpec.Http> spec, IPAddress? address)
    {
        using var certificate = authority.Issue("shop.example", address);
        await using var server = await TestServer.StartAsync(_ => Task.CompletedTask, certificate);
        return await new HttpProbe(TimeProvider.System).ProbeAsync(spec(server.Url.ToString()), ProbeAddress.None, TestContext.Current.CancellationToken);
    }
}

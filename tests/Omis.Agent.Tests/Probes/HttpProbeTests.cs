using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using Omis.Agent.Probes;

namespace Omis.Agent.Tests.Probes;

/// <summary>What is asked, and how the answer is judged.</summary>
public sealed class HttpProbeTests
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(302, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public async Task The_status_decides(int status, bool ok)
    {
        await using var server = await TestServer.StartAsync(Answer(status));

        var sample = await Probe(new($"{server.Url}api/health"));

        Assert.Equal(ok, sample.Ok);
        Assert.Equal(ok ? "" : $"GET {server.Url}api/health: {status}", sample.Detail);
        Assert.Equal(ReasonCode.ProbeFailed, sample.Code);
    }

    [Fact]
    public async Task Other_statuses_may_be_asked_for_and_no_redirect_is_followed()
    {
        var asked = 0;
        await using var server = await TestServer.StartAsync(context =>
        {
            asked++;
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });

        Assert.True((await Probe(new(server.Url.ToString()) { Status = [new(200, 200), new(300, 399)] })).Ok);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Method_and_headers_are_sent()
    {
        var seen = "";
        await using var server = await TestServer.StartAsync(context =>
        {
            var headers = context.Request.Headers;
            seen = $"{context.Request.Method} {headers.Host} {headers["X-Key"]} {headers.ContentType}";
            return Task.CompletedTask;
        });
        var headers = ImmutableSortedDictionary<string, string>.Empty.Add("Host", "shop.example").Add("X-Key", "1").Add("Content-Type", "text/plain");

        Assert.True((await Probe(new(server.Url.ToString()) { Method = "post", Headers = headers })).Ok);
        Assert.Equal("POST shop.example 1 text/plain", seen);
    }

    [Fact]
    public async Task User_and_password_are_sent_and_never_shown()
    {
        string? seen = null;
        await using var server = await TestServer.StartAsync(context =>
        {
            seen = context.Request.Headers.Authorization;
            return Answer(401)(context);
        });
        var url = server.Url.ToString().Replace("http://", "http://ada:p%40ss@", StringComparison.Ordinal);

        var sample = await Probe(new(url + "x?token=secret"));

        Assert.Equal("Basic YWRhOnBAc3M=", seen);
        Assert.Equal($"GET {server.Url}x?…: 401", sample.Detail);
    }

    [Fact]
    public async Task Every_look_has_a_connection_of_its_own()
    {
        var connections = new HashSet<string>();
        await using var server = await TestServer.StartAsync(context =>
        {
            connections.Add(context.Connection.Id);
            return Task.CompletedTask;
        });
        var probe = new HttpProbe(TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            await probe.ProbeAsync(new(server.Url.ToString()), ProbeAddress.None, ct);
        }

        Assert.Equal(3, connections.Count);
    }

    [Fact]
    public async Task The_containers_own_address_and_port_are_filled_in()
    {
        await using var server = await TestServer.StartAsync(Answer(200));
        var where = new ProbeAddress("127.0.0.1", ImmutableDictionary<string, int>.Empty.Add("8080/tcp", server.Url.Port));

        Assert.True((await new HttpProbe(TimeProvider.System).ProbeAsync(new("http://{ip}:{port:8080}/"), where, ct)).Ok);
    }

    [Fact]
    public async Task IPv6_is_reached()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        await using var server = await TestServer.StartAsync(Answer(200), address: IPAddress.IPv6Loopback);

        Assert.True((await Probe(new(server.Url.ToString()))).Ok);
    }

    [Theory]
    [InlineData("http://{ip}/", "GET probe: {ip} is unknown: the container has no address of its own")]
    [InlineData("ftp://u:secret@host/", "GET probe: its URL is no absolute http or https URL")]
    [InlineData("http://u:secret@:x/", "GET probe: its URL is no absolute http or https URL")]
    public async Task A_URL_that_is_none_is_bad_and_not_repeated(string url, string expected) =>
        Assert.Equal(expected, (await Probe(new(url))).Detail);

    [Fact]
    public async Task A_header_or_method_that_is_not_valid_is_bad_and_not_repeated()
    {
        await using var server = await TestServer.StartAsync(Answer(200));
        var headers = ImmutableSortedDictionary<string, string>.Empty.Add("X-Key", "sec\nret");

        Assert.False((await Probe(new(server.Url.ToString()) { Method = "GE T" })).Ok);
        Assert.DoesNotContain("ret", (await Probe(new(server.Url.ToString()) { Headers = headers })).Detail, StringComparison.Ordinal);
    }

    private Task<Sample> Probe(ProbeSpec.Http spec) => new HttpProbe(TimeProvider.System).ProbeAsync(spec, ProbeAddress.None, ct);

    private static RequestDelegate Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}

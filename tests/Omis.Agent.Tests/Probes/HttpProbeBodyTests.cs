using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Probing;
using Omis.Agent.Probes;

namespace Omis.Agent.Tests.Probes;

public sealed class HttpProbeBodyTests
{
    [Theory]
    [InlineData("ok", "all is ok", true)]
    [InlineData("^\\{\"status\":\\s*\"UP\"", "{\"status\": \"UP\"}", true)]
    [InlineData("ok", "down\nsecond line", false)]
    [InlineData("(?<!not )ok", "not ok", false)]
    [InlineData("(?<!not )ok", "ok", true)]
    public async Task The_body_is_matched(string expression, string body, bool ok)
    {
        await using var server = await TestServer.StartAsync(Answer(200, body));

        var sample = await Probe(new(server.Url.ToString()) { Body = expression });

        Assert.Equal(ok, sample.Ok);
        Assert.Equal(ok ? "" : $"GET {server.Url}: the body does not match /{expression}/ ({body.Split('\n')[0]})", sample.Detail);
    }

    [Theory]
    [InlineData("(", "is no regular expression")]
    [InlineData("(?=a)(a+)+\\1$", "took too long")]
    public async Task An_expression_that_cannot_be_used_is_bad(string expression, string expected)
    {
        await using var server = await TestServer.StartAsync(Answer(200, new string('a', 60) + "!"));

        Assert.Contains(expected, (await Probe(new(server.Url.ToString()) { Body = expression })).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65_534, true)]
    [InlineData(65_535, false)]
    public async Task Only_the_first_64_KiB_of_a_huge_body_are_read(int before, bool ok)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync(new string('x', before) + "ok", context.RequestAborted);
            var more = new byte[1 << 20];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(more, context.RequestAborted);
            }
        });

        Assert.Equal(ok, (await Probe(new(server.Url.ToString()) { Body = "ok" })).Ok);
    }

    [Fact]
    public async Task The_first_line_of_a_bad_answer_is_told_without_tricks_and_cut()
    {
        var line = "[31mdb is down" + new string('!', 300);
        await using var server = await TestServer.StartAsync(Answer(503, $"\n\u001b{line}\nstack trace"));

        Assert.Equal($"GET {server.Url}: 503 ({line[..200]})", (await Probe(new(server.Url.ToString()))).Detail);
    }

    [Fact]
    public async Task A_body_that_hangs_does_not_hide_a_bad_status()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        Assert.Equal($"GET {server.Url}: 500", (await Probe(new(server.Url.ToString()) { Timeout = TimeSpan.FromSeconds(2) })).Detail);
    }

    private static Task<Sample> Probe(ProbeSpec.Http spec) =>
        new HttpProbe(TimeProvider.System).ProbeAsync(spec, ProbeAddress.None, TestContext.Current.CancellationToken);

    private static RequestDelegate Answer(int status, string body) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body, context.RequestAborted);
    };
}

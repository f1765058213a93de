using System.Net.Sockets;
using System.Text;

namespace Omis.Agent.Tests.Control;

/// <summary>Bodies that are too large or come too slowly.</summary>
public sealed class BodyTests
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mebibyte_is_read_and_one_byte_more_is_not(bool chunked)
    {
        await using var board = await Switchboard.OpenAsync();

        Assert.Equal(202, (await SendAsync(board, Mebibyte, chunked)).Status);
        Assert.Equal("r.io/web:1", board.Rung);

        var said = await SendAsync(board, Mebibyte + 1, chunked);
        Assert.Equal((413, """{"title":"Payload Too Large","status":413,"code":"tooLarge","detail":"the body is larger than 1 MiB"}"""), (said.Status, said.Text));
        Assert.Equal("", board.Rung);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"image\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\n{\"image\":\r\n")]
    public async Task A_body_that_never_ends_is_waited_for_ten_seconds_and_no_longer(string body)
    {
        await using var board = await Switchboard.OpenAsync();
        using var client = await ConnectAsync(board, $"POST /webhooks/generic HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Switchboard.Secret}\r\n{body}");

        Assert.StartsWith("HTTP/1.1 408 ", await AnswerAsync(client, () => board.Time.Advance(TimeSpan.FromSeconds(1))), StringComparison.Ordinal);
        Assert.Equal("", board.Rung);
    }

    [Fact]
    public async Task Of_those_who_only_claim_to_have_signed_few_are_read_at_a_time()
    {
        await using var board = await Switchboard.OpenAsync();
        var clients = new List<TcpClient>();
        for (var i = 0; i < 17; i++)
        {
            clients.Add(await ConnectAsync(board, "POST /webhooks/ghcr HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256=00\r\nContent-Length: 1000\r\n\r\n"));
        }

        var answers = clients.Select(client => AnswerAsync(client, () => { })).ToList();
        Assert.StartsWith("HTTP/1.1 429 ", await await Task.WhenAny(answers), StringComparison.Ordinal);
        Assert.Equal(202, (await board.PostAsync("/webhooks/generic", """{"image":"r.io/web:1"}""")).Status);
        board.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.All((await Task.WhenAll(answers)).Order(StringComparer.Ordinal).Take(16), answer => Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Nothing_is_read_of_those_who_show_no_secret()
    {
        await using var board = await Switchboard.OpenAsync();
        using var client = await ConnectAsync(board, "POST /webhooks/generic HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401 ", await AnswerAsync(client, () => { }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("POST /webhooks/generic HTTP/1.1\r\n\r\n")]
    [InlineData("POST /webhooks/generic?token=t0ken HTTP/9.9\r\nHost: x\r\n\r\n")]
    public async Task What_is_no_HTTP_is_refused(string request)
    {
        await using var board = await Switchboard.OpenAsync();
        using var client = await ConnectAsync(board, request);

        Assert.Matches("^HTTP/1.1 (400|505) ", await AnswerAsync(client, () => { }));
    }

    private static Task<Switchboard.Said> SendAsync(Switchboard board, int bytes, bool chunked)
    {
        var body = """{"image":"r.io/web:1"}""".PadRight(bytes);
        HttpContent content = chunked ? new StreamContent(new Endless(Encoding.ASCII.GetBytes(body))) : new StringContent(body);
        return board.SendAsync(HttpMethod.Post, "/webhooks/generic", content, ("Authorization", "Bearer " + Switchboard.Secret));
    }

    private static async Task<TcpClient> ConnectAsync(Switchboard board, string request)
    {
        var client = new TcpClient();
        await client.ConnectAsync(board.Address);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return client;
    }

    /// <summary>The first that comes back; until then something is done again and again.</summary>
    private static async Task<string> AnswerAsync(TcpClient client, Action meanwhile)
    {
        var buffer = new byte[4096];
        var read = client.GetStream().ReadAsync(buffer).AsTask();
        for (var ends = Environment.TickCount64 + 20_000; !read.IsCompleted && Environment.TickCount64 < ends; meanwhile())
        {
            await Task.WhenAny(read, Task.Delay(5));
        }

        Assert.True(read.IsCompleted, "no answer came");
        return Encoding.ASCII.GetString(buffer, 0, await read);
    }

    /// <summary>Of unknown length, so that the client sends chunks.</summary>
    private sealed class Endless(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

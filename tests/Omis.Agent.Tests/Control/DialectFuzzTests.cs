using System.Text;
using CsCheck;
using Omis.Agent.Control.Webhooks;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Tests.Control;

/// <summary>No payload crashes or hangs a dialect, and what it names are images. CsCheck names the seed of a failure.</summary>
public sealed class DialectFuzzTests
{
    private static readonly string[] Documents =
    [
        Payloads.AcrPush, Payloads.AcrPing, Payloads.CloudEvent, Payloads.EventGrid, Payloads.Validation, Payloads.DockerHub,
        Payloads.RegistryPackage, Payloads.GitHubPing, Payloads.Harbor, Payloads.HarborCloudEvent, Payloads.Distribution,
        """{ "images": ["r.io/web:1", "nginx"] }""",
    ];

    private static readonly string[] Pieces =
    [
        "null", "true", "{}", "[]", "0", "-0", "1e400", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"a\\nb\"", "\"../..\"", "\"r.io/a:b/c\"", "\":\"", "\"@\"", "\"/\"", "\"r.io/\"", "\":1\"",
        "{", "}", "[", "]", ",", ":", "\"", "\\", "//", "\uFEFF", "\0", "\u00e9", "\"data\":", "\"type\":", "\"action\":", "\"target\":", "\"tag\":", "\"host\":", "\"image\":", "\"events\":", "\"resources\":",
    ];

    [Fact]
    public void Documented_payloads_with_other_characters_are_understood_or_refused() =>
        Gen.Select(Gen.OneOf(Documents), Gen.Select(Gen.Double[0, 1], Gen.Int[0, 40], Gen.OneOf(Pieces)).Array[1, 5])
            .Select(one => one.Item2.Aggregate(one.Item1, (text, edit) => Edit(text, edit.Item1, edit.Item2, edit.Item3)))
            .Sample(text => Survives(Encoding.UTF8.GetBytes(text)), iter: Math.Max(Check.Iter, 10_000));

    [Theory]
    [InlineData("""{ "\ud800\ud800": 1, "image": "r.io/web" }""")]
    [InlineData("""{ "events": [ { "\udc00action": "push", "target": { "\ud800": 1 } } ] }""")]
    public void Keys_that_are_no_text_are_refused(string body) => Survives(Encoding.UTF8.GetBytes(body));

    [Fact]
    public void Any_bytes_are_refused() => Gen.Byte.Array[0, 200].Sample(Survives, iter: Math.Max(Check.Iter, 5_000));

    [Fact]
    public void Any_pieces_are_understood_or_refused() =>
        Gen.OneOf(Pieces).Array[0, 40].Select(pieces => Encoding.UTF8.GetBytes("{" + string.Concat(pieces))).Sample(Survives, iter: Math.Max(Check.Iter, 5_000));

    private static string Edit(string text, double where, int length, string insert)
    {
        var start = (int)(where * text.Length);
        return text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, insert);
    }

    private static void Survives(byte[] body)
    {
        foreach (var dialect in WebhookRoutes.Dialects)
        {
            if (dialect.Hear(body) is Heard.Pushed pushed)
            {
                Assert.NotEmpty(pushed.Images);
                Assert.All(pushed.Images, image => Assert.True(ImageReference.TryParse(image.ToString(), out _)));
            }
        }
    }
}

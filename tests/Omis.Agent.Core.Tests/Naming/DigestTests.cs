using System.Text.Json;
using CsCheck;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Tests.Naming;

public sealed class DigestTests
{
    private static readonly string Sha256 = "sha256:" + new string('a', 64);

    [Fact]
    public void Sha256_and_sha512_are_read()
    {
        Assert.Equal(Sha256, Digest.Parse(Sha256).Value);
        Assert.True(Digest.TryParse("sha512:" + new string('0', 128), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("sha256:")]
    [InlineData("sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Anything_else_is_not_a_digest(string? text)
    {
        Assert.False(Digest.TryParse(text, out var digest));
        Assert.Null(digest);
    }

    [Fact]
    public void A_digest_that_is_no_digest_says_what_was_expected() =>
        Assert.Contains("64 lower-case hex digits", Assert.Throws<FormatException>(() => Digest.Parse("latest")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_brief_form_is_what_docker_shows() => Assert.Equal(new string('a', 12), Digest.Parse(Sha256).Brief);

    [Fact]
    public void Json_is_the_plain_text_both_ways()
    {
        var digest = Digest.Parse(Sha256);

        Assert.Equal($"\"{Sha256}\"", JsonSerializer.Serialize(digest));
        Assert.Equal(digest, JsonSerializer.Deserialize<Digest>($"\"{Sha256}\""));
    }

    [Theory]
    [InlineData("12")]
    [InlineData("null")]
    [InlineData("\"latest\"")]
    public void Json_of_another_shape_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Digest>(json));

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.String.Sample(text => !Digest.TryParse("sha256:" + text, out var digest) || digest.Value.Value.Length == 71, iter: 20_000);
}

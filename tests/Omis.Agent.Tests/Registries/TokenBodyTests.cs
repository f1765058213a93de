using System.Text;
using CsCheck;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Tests.Registries;

public sealed class TokenBodyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    private static readonly Gen<byte[]> NearlyBodies = Gen.OneOf(
        Gen.OneOf("{", "}", "\"token\"", "\"access_token\"", "\"expires_in\"", ":", ",", "\"a.e30.b\"", "\"\\ud800\"", "1e999", "-5", "\"300\"", "null", "[", "]", "true", "\"\"", "\"x\"", "é")
            .Array[0, 16].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))),
        Gen.Select(
            Gen.OneOf("\"x\"", "\"a.eyJleHAiOjF9.b\"", "\"a.e30.b\"", "\"a.!!.b\"", "\"a.AAAA.b\"", "5", "null", "\"\\ud800\""),
            Gen.OneOf("300", "\"300\"", "\"\\udc00\"", "1e999", "-1e999", "null", "{}", "[1]", "\"NaN\"", "0.5"))
            .Select((token, expires) => Encoding.UTF8.GetBytes($"{{\"token\":{token},\"expires_in\":{expires}}}")),
        Gen.Byte.Array[0, 60]);

    [Theory]
    [InlineData("""{"token":"t","expires_in":300}""", 300)]
    [InlineData("""{"token":"t","expires_in":"300"}""", 300)]
    [InlineData("""{"token":"t","expires_in":1e999}""", 86400)]
    [InlineData("""{"token":"t","expires_in":-5}""", 0)]
    [InlineData("""{"token":"t","expires_in":null}""", 60)]
    [InlineData("""{"token":"t","expires_in":{}}""", 60)]
    [InlineData("""{"token":"t"}""", 60)]
    [InlineData("""{"access_token":"t","refresh_token":"r"}""", 60)]
    [InlineData("""{"access_token":"a.eyJleHAiOjE3Njc2MDkwMDB9.s"}""", 1800)]
    [InlineData("""{"access_token":"a.eyJpYXQiOjEwMDAsImV4cCI6NTUwMH0.s"}""", 4500)]
    [InlineData("""{"access_token":"a.eyJleHAiOjF9.s"}""", 0)]
    [InlineData("""{"access_token":"a.eyJleHAiOjF9.s","expires_in":10}""", 10)]
    [InlineData("""{"access_token":"a.bm90IGpzb24.s"}""", 60)]
    public void A_token_lasts_as_long_as_it_is_said_to(string body, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TokenBody.Read(Encoding.UTF8.GetBytes(body), Now)!.Lifetime);

    [Fact]
    public void A_token_too_large_for_a_header_is_none() =>
        Assert.Null(TokenBody.Read(Encoding.UTF8.GetBytes($"{{\"token\":\"{new string('x', 40_000)}\"}}"), Now));

    [Fact]
    public void No_body_makes_it_throw_and_no_token_can_break_a_header() =>
        NearlyBodies.Sample(
            body => TokenBody.Read(body, Now) is not { } token
                || (token.Value.All(c => c is > ' ' and < (char)0x7f) && token.Lifetime >= TimeSpan.Zero && token.Lifetime <= TimeSpan.FromDays(1)),
            iter: 50_000);

    [Theory]
    [InlineData("""{"refresh_token":"a.eyJpYXQiOjEwMDAsImV4cCI6MTE4MDB9.s"}""", 10800)]
    [InlineData("""{"refresh_token":"opaque"}""", 3600)]
    public void A_refresh_token_lasts_as_long_as_it_says_itself(string body, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TokenBody.ReadRefresh(Encoding.UTF8.GetBytes(body), Now)!.Lifetime);

    [Fact]
    public void No_body_makes_the_reader_of_refresh_tokens_throw() =>
        NearlyBodies.Sample(body => TokenBody.ReadRefresh(body, Now) is not { } token || token.Value.All(c => c is > ' ' and < (char)0x7f), iter: 20_000);
}

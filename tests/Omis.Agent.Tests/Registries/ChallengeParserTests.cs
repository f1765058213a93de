using CsCheck;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Tests.Registries;

public sealed class ChallengeParserTests
{
    private static readonly Gen<string> NearlyHeaders = Gen.OneOf(
        Gen.OneOf("Bearer", "Basic", "realm", "service", "scope", "=", "\"", "\\", ",", " ", "\t", "https://a/b", "x", "\\\"", "é", "\0", "==", "Negotiate abc==").Array[0, 30].Select(parts => string.Concat(parts)),
        Gen.String[0, 80]);

    [Theory]
    [InlineData("""Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull" """, "bearer realm=https://auth.docker.io/token scope=repository:library/nginx:pull service=registry.docker.io")]
    [InlineData("""Bearer realm="https://myreg.azurecr.io/oauth2/token",service="myreg.azurecr.io",scope="repository:app:pull",error="invalid_token" """, "bearer error=invalid_token realm=https://myreg.azurecr.io/oauth2/token scope=repository:app:pull service=myreg.azurecr.io")]
    [InlineData("""Basic realm="Registry Realm" """, "basic realm=Registry Realm")]
    [InlineData("Basic", "basic")]
    [InlineData("bearer REALM = \"https://a/t\" , Scope=pull", "bearer realm=https://a/t scope=pull")]
    [InlineData("Bearer realm=https://a/t?x=1,service=s", "bearer realm=https://a/t?x=1 service=s")]
    [InlineData("""Basic realm="a", Bearer realm="b",scope="c" """, "basic realm=a | bearer realm=b scope=c")]
    [InlineData("""Negotiate dG9rZW4=, Bearer realm="b" """, "negotiate dg9rzw4= | bearer realm=b")]
    [InlineData("""Bearer realm="say \"hi\", \\ and go",scope="a,b" """, "bearer realm=say \"hi\", \\ and go scope=a,b")]
    [InlineData("""Bearer scope="repository:a:pull repository:b:pull",scope="later" """, "bearer scope=repository:a:pull repository:b:pull")]
    [InlineData("Bearer realm=\"never closed", "bearer realm=never closed")]
    [InlineData("Bearer realm=", "bearer realm=")]
    [InlineData(",,, ;;", "")]
    [InlineData("", "")]
    public void A_header_is_read_as_servers_write_it(string header, string read) => Assert.Equal(read, Text(header));

    [Fact]
    public void A_header_of_any_length_is_read_in_time()
    {
        foreach (var part in new[] { "Bearer ", "a=\"\\\"\",", "\"", "=", ",", "x=y " })
        {
            ChallengeParser.Parse(string.Concat(Enumerable.Repeat(part, 100_000)));
        }
    }

    [Fact]
    public void No_header_makes_it_throw() => NearlyHeaders.Sample(header => ChallengeParser.Parse(header).Length <= header.Length, iter: 50_000);

    [Fact]
    public void What_is_quoted_is_read_back() =>
        Gen.String[0, 40].Sample(
            value => ChallengeParser.Parse($"Bearer realm=\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"").Single().Realm == value,
            iter: 20_000);

    private static string Text(string header) => string.Join(" | ", ChallengeParser.Parse(header).Select(challenge =>
        string.Join(' ', challenge.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").Prepend(challenge.Scheme))));
}

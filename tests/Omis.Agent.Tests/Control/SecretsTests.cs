using Omis.Agent.Control;

namespace Omis.Agent.Tests.Control;

public sealed class SecretsTests
{
    /// <summary>GitHub Docs, "Validating webhook deliveries", "Testing the webhook payload validation".</summary>
    [Fact]
    public void A_signature_is_GitHub_s() =>
        Assert.True(Secrets.Signs("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", "It's a Secret to Everybody", "Hello, World!"u8));

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "aa", false)]
    [InlineData("", "a", false)]
    [InlineData(null, "a", false)]
    [InlineData("a", null, false)]
    [InlineData(null, null, false)]
    public void Secrets_are_the_same_or_not(string? given, string? expected, bool same) => Assert.Equal(same, Secrets.Same(given, expected));
}

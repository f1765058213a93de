using System.Net.Http.Headers;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Registries.Tokens;

/// <summary>What a realm gave: a secret, and how long it may be used.</summary>
internal sealed record Token(string Value, TimeSpan Lifetime)
{
    public AuthenticationHeaderValue Header => new("Bearer", Value);

    /// <summary>Never shows the token.</summary>
    public override string ToString() => $"Token for {Lifetime}";
}

/// <summary>What came of asking a realm.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer() { }

    public sealed record Granted(Token Token) : TokenAnswer;

    public sealed record Refused(RegistryAnswer.Failed Failure) : TokenAnswer;
}

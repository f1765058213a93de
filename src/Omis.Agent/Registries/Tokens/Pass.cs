using System.Net.Http.Headers;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Registries.Tokens;

/// <summary>What a question is sent with, or why it is not sent.</summary>
internal abstract record Pass
{
    private Pass() { }

    /// <param name="Fresh">Made for this very question: if it is refused, another would be too.</param>
    public sealed record Admit(AuthenticationHeaderValue? Header, bool Fresh) : Pass
    {
        public static readonly Admit Bare = new(null, Fresh: false);

        /// <summary>Never shows the header.</summary>
        public override string ToString() => $"Admit {Header?.Scheme}";
    }

    public sealed record Refuse(RegistryAnswer.Failed Failure) : Pass;
}

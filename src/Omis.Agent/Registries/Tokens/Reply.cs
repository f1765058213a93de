using Omis.Agent.Core.Checking;

namespace Omis.Agent.Registries.Tokens;

/// <summary>What came of asking a registry that may want to know who asks.</summary>
internal abstract record Reply
{
    private Reply() { }

    public sealed record Response(HttpResponseMessage Message) : Reply
    {
        /// <summary>The message would print its headers.</summary>
        public override string ToString() => $"Response {(int)Message.StatusCode}";
    }

    public sealed record Refused(RegistryAnswer.Failed Failure) : Reply;
}

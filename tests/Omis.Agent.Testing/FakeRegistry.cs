using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Testing;

/// <summary>Has what it is told to have, and counts the questions.</summary>
public sealed class FakeRegistry : IImageRegistry
{
    private readonly Dictionary<string, RegistryAnswer> answers = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    public FakeRegistry Has(string service, Digest digest) => Answers(service, new RegistryAnswer.Found(digest));

    public FakeRegistry Fails(string service, ReasonCode code) => Answers(service, new RegistryAnswer.Failed(code, "told to fail"));

    public FakeRegistry Answers(string service, RegistryAnswer answer)
    {
        answers[$"127.0.0.1:5000/{service}:latest"] = answer;
        return this;
    }

    public Task<RegistryAnswer> LatestAsync(ImageReference reference, CancellationToken ct)
    {
        Asked.Add(reference.ToString());
        return Task.FromResult(answers.GetValueOrDefault(reference.ToString()) ?? new RegistryAnswer.Failed(ReasonCode.ImageNotFound, "no such image"));
    }

    public Task<RegistryAnswer> LookInsideAsync(ImageReference reference, RegistryAnswer.Found found, CancellationToken ct) =>
        Task.FromResult<RegistryAnswer>(found with { Platforms = [] });
}

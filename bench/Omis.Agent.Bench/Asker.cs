using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Engine.Tests.Kit;
using Omis.Agent.Registries;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Bench;

/// <summary>The agent's own client of registries, as the service keeps it from one cycle to the next.</summary>
internal sealed class Asker : IDisposable
{
    private readonly OciRegistry registry;
    private readonly UpdateChecker checker;
    private readonly ImmutableArray<ImageQuestion> questions;

    public Asker(ProtectedRegistry server, IEnumerable<string> repositories)
    {
        var settings = ImmutableDictionary<string, RegistrySettings>.Empty.Add(server.Address, new RegistrySettings
        {
            Username = TokenServer.User,
            Password = server.Realm.Password,
            CaFile = server.Root.Scheme == Uri.UriSchemeHttps ? server.CaFile : null,
        });
        registry = new OciRegistry(settings, new SettingsCredentials(settings), TimeProvider.System, NullLogger<OciRegistry>.Instance);
        checker = new UpdateChecker(registry);
        questions = [.. repositories.Select(repository => new ImageQuestion(ImageReference.Parse($"{server.Address}/{repository}:latest"), []))];
    }

    public async Task CycleAsync()
    {
        foreach (var (image, answer) in await checker.CheckAsync(questions, CancellationToken.None))
        {
            _ = answer as RegistryAnswer.Found ?? throw new InvalidOperationException($"{image}: {answer}");
        }
    }

    public void Dispose() => registry.Dispose();
}

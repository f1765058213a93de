using System.Text.Json;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>Docker Hub sends pushes only. Its <c>callback_url</c> is not called. Source: Docker Docs, "Webhooks", "Example webhook payload".</summary>
internal static class DockerHubPayload
{
    public static Heard Read(JsonElement root) =>
        ((ImageHint?[])[ImageHint.TryOf("docker.io", root.Text("repository", "repo_name"), root.Text("push_data", "tag"))])
            .Heard("expected repository.repo_name and push_data.tag");
}

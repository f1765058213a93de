namespace Omis.Agent.Tests.Control;

/// <summary>As the vendors document them, less what tells nothing (avatars, links).</summary>
internal static class Payloads
{
    /// <summary>"Azure Container Registry webhook reference", push event.</summary>
    public const string AcrPush = """
        {
          "id": "cb8c3971-9adc-488b-bdd8-43cbb4974ff5",
          "timestamp": "2017-11-17T16:52:01.343145347Z",
          "action": "push",
          "target": {
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "size": 524,
            "digest": "sha256:80f0d5c8786bb9e621a45ece0db56d11cdc624ad20da9fe62e9d25490f331d7d",
            "length": 524,
            "repository": "hello-world",
            "tag": "v1"
          },
          "request": {
            "id": "3cbb6949-7549-4fa1-86cd-a6d5451dffc7",
            "host": "myregistry.azurecr.io",
            "method": "PUT",
            "useragent": "docker/17.09.0-ce go/go1.8.3 git-commit/afdb6d4 kernel/4.10.0-27-generic os/linux arch/amd64 UpstreamClient(Docker-Client/17.09.0-ce \\(linux\\))"
          }
        }
        """;

    /// <summary>What `az acr webhook ping` sends.</summary>
    public const string AcrPing = """{ "id": "6ab0e5c9-8f52-4e2d-a1f8-3f9b7a1c2d3e", "timestamp": "2019-03-14T20:32:22.4714268Z", "action": "ping", "target": {}, "request": {} }""";

    /// <summary>"Azure Container Registry webhook reference", delete event.</summary>
    public const string AcrDelete = """
        {
          "id": "afc359ce-df7f-4e32-bdde-1ff8aa80927b",
          "timestamp": "2017-11-17T16:54:53.657764628Z",
          "action": "delete",
          "target": { "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "digest": "sha256:80f0d5c8786bb9e621a45ece0db56d11cdc624ad20da9fe62e9d25490f331d7d", "repository": "hello-world" },
          "request": { "id": "3d78b540-ab61-4f75-807f-7ca9ecf445d3", "host": "myregistry.azurecr.io", "method": "DELETE", "useragent": "python-requests/2.18.4" }
        }
        """;

    /// <summary>"Azure Container Registry as an Event Grid source", in the schema of CloudEvents.</summary>
    public const string CloudEvent = """
        [{
          "id": "831e1650-001e-001b-66ab-eeb76e069631",
          "source": "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.ContainerRegistry/registries/NAME",
          "subject": "aci-helloworld:v1",
          "type": "Microsoft.ContainerRegistry.ImagePushed",
          "time": "2018-04-25T21:39:47.6549614Z",
          "data": {
            "id": "31c51664-e5bd-416a-a5df-e5206bc47ed0",
            "timestamp": "2018-04-25T21:39:47.276585742Z",
            "action": "push",
            "target": {
              "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
              "size": 3023,
              "digest": "sha256:213bbc182920ab41e18edc2001e06abcca6735d87782d9cef68abd83941cf0e5",
              "length": 3023,
              "repository": "aci-helloworld",
              "tag": "v1"
            },
            "request": { "id": "7c66f28b-de19-40a4-821c-6f5f6c0003a4", "host": "demo.azurecr.io", "method": "PUT", "useragent": "docker/18.03.0-ce" }
          },
          "specversion": "1.0"
        }]
        """;

    /// <summary>The same in Event Grid's own schema.</summary>
    public static readonly string EventGrid = CloudEvent
        .Replace("\"source\"", "\"topic\"", StringComparison.Ordinal)
        .Replace("\"type\"", "\"eventType\"", StringComparison.Ordinal)
        .Replace("\"time\"", "\"eventTime\"", StringComparison.Ordinal)
        .Replace("\"specversion\": \"1.0\"", "\"dataVersion\": \"1.0\", \"metadataVersion\": \"1\"", StringComparison.Ordinal);

    /// <summary>"Endpoint validation with Event Grid event schema".</summary>
    public const string Validation = """
        [{
          "id": "2d1781af-3a4c-4d7c-bd0c-e34b19da4e66",
          "topic": "/subscriptions/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
          "subject": "",
          "data": {
            "validationCode": "512d38b6-c7b8-40c8-89fe-f46f9e9622b6",
            "validationUrl": "https://rp-eastus2.eventgrid.azure.net:553/eventsubscriptions/myeventsub/validate?id=0000000000-0000-0000-0000-00000000000000&t=2021-09-01T20:30:54.4538837Z&apiVersion=2018-05-01-preview&token=1A1A1A1A"
          },
          "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
          "eventTime": "2021-09-01T20:30:54.4538837Z",
          "metadataVersion": "1",
          "dataVersion": "1"
        }]
        """;

    /// <summary>Docker Docs, "Webhooks".</summary>
    public const string DockerHub = """
        {
          "callback_url": "https://registry.hub.docker.com/u/svendowideit/testhook/hook/2141b5bi5i5b02bec211i4eeih0242eg11000a/",
          "push_data": { "pushed_at": 1417566161, "pusher": "trustedbuilder", "tag": "latest" },
          "repository": {
            "comment_count": 0,
            "date_created": 1417494799,
            "description": "",
            "dockerfile": "#\n# BUILD\u0009\u0009docker build -t svendowideit/apt-cacher .\nFROM\u0009\u0009ubuntu\n",
            "full_description": "Docker Hub based automated build from a GitHub repo",
            "is_official": false,
            "is_private": true,
            "is_trusted": true,
            "name": "testhook",
            "namespace": "svendowideit",
            "owner": "svendowideit",
            "repo_name": "svendowideit/testhook",
            "repo_url": "https://registry.hub.docker.com/u/svendowideit/testhook/",
            "star_count": 0,
            "status": "Active"
          }
        }
        """;

    /// <summary>GitHub Docs, "Webhook events and payloads", registry_package.</summary>
    public const string RegistryPackage = """
        {
          "action": "published",
          "registry_package": {
            "id": 4711,
            "name": "hello_docker",
            "namespace": "Codertocat",
            "description": "",
            "ecosystem": "CONTAINER",
            "package_type": "CONTAINER",
            "html_url": "https://github.com/users/Codertocat/packages/container/hello_docker/4712",
            "owner": { "login": "Codertocat", "id": 21031067, "type": "User" },
            "package_version": {
              "id": 4712,
              "version": "sha256:a2bf5da42a5d5b7be7a7e5f4a9e6e7a4a4d0c7a1d4a8a7e0b6f0c5a2d1b3c4d5",
              "name": "sha256:a2bf5da42a5d5b7be7a7e5f4a9e6e7a4a4d0c7a1d4a8a7e0b6f0c5a2d1b3c4d5",
              "container_metadata": {
                "tag": { "name": "Latest", "digest": "sha256:a2bf5da42a5d5b7be7a7e5f4a9e6e7a4a4d0c7a1d4a8a7e0b6f0c5a2d1b3c4d5" },
                "labels": { "description": "", "source": "", "revision": "", "image_url": "", "licenses": "", "all_labels": {} },
                "manifest": { "digest": "", "media_type": "application/vnd.oci.image.index.v1+json", "uri": "", "size": 1609, "config": {}, "layers": [] }
              },
              "installation_command": "docker pull ghcr.io/codertocat/hello_docker:Latest",
              "package_url": "ghcr.io/codertocat/hello_docker:Latest"
            },
            "registry": { "about_url": "https://docs.github.com/packages", "name": "GitHub CONTAINER registry", "type": "CONTAINER", "url": "https://CONTAINER.pkg.github.com/Codertocat", "vendor": "GitHub Inc" }
          },
          "repository": { "id": 1296269, "name": "Hello-World", "full_name": "Codertocat/Hello-World", "private": false },
          "sender": { "login": "Codertocat", "id": 21031067, "type": "User" }
        }
        """;

    /// <summary>The older event of the same push.</summary>
    public static readonly string Package = RegistryPackage.Replace("\"registry_package\"", "\"package\"", StringComparison.Ordinal);

    /// <summary>GitHub Docs, "Webhook events and payloads", ping.</summary>
    public const string GitHubPing = """{ "zen": "Design for failure.", "hook_id": 109948940, "hook": { "type": "Repository", "id": 109948940, "name": "web", "active": true, "events": ["package"], "config": { "content_type": "json", "insecure_ssl": "0" } } }""";

    /// <summary>Harbor docs, "Configure Webhook Notifications", format Default.</summary>
    public const string Harbor = """
        {
          "type": "PUSH_ARTIFACT",
          "occur_at": 1680501893,
          "operator": "harbor-jobservice",
          "event_data": {
            "resources": [
              {
                "digest": "sha256:954b378c375d852eb3c63ab88978f640b4348b01c1b3456a024a81536dafbbf4",
                "tag": "stable",
                "resource_url": "harbor.example.com/test-webhook/debian:stable"
              },
              {
                "digest": "sha256:954b378c375d852eb3c63ab88978f640b4348b01c1b3456a024a81536dafbbf4",
                "resource_url": "harbor.example.com/test-webhook/debian@sha256:954b378c375d852eb3c63ab88978f640b4348b01c1b3456a024a81536dafbbf4"
              }
            ],
            "repository": { "date_created": 1680501893, "name": "debian", "namespace": "test-webhook", "repo_full_name": "test-webhook/debian", "repo_type": "private" }
          }
        }
        """;

    /// <summary>The same, format CloudEvents.</summary>
    public const string HarborCloudEvent = """
        {
          "specversion": "1.0",
          "id": "66e18103-09c1-41f6-982f-37df223f3eeb",
          "requestid": "51c0b694-0168-4f3c-b0db-282565455d7b",
          "source": "/projects/2/webhook/policies/15",
          "type": "harbor.artifact.pushed",
          "datacontenttype": "application/json",
          "time": "2023-04-03T06:04:46Z",
          "data": {
            "resources": [ { "digest": "sha256:954b378c375d852eb3c63ab88978f640b4348b01c1b3456a024a81536dafbbf4", "tag": "stable", "resource_url": "harbor.example.com/test-webhook/debian:stable" } ],
            "repository": { "name": "debian", "namespace": "test-webhook", "repo_full_name": "test-webhook/debian", "repo_type": "private" }
          },
          "operator": "harbor-jobservice"
        }
        """;

    /// <summary>CNCF Distribution, "Work with notifications": a layer, its image, and a pull.</summary>
    public const string Distribution = """
        {
          "events": [
            { "id": "1", "timestamp": "2006-01-02T15:04:05Z", "action": "push", "target": { "mediaType": "application/octet-stream", "length": 10, "digest": "sha256:3b3692957d439ac1928219a83fac91e7bf96c153725526874673ae1f2023f8d5", "repository": "library/test", "url": "http://example.com/v2/library/test/blobs/sha256:3b36" }, "request": { "id": "r1", "addr": "client.local", "host": "registrycluster.local", "method": "PUT", "useragent": "test/0.1" }, "actor": { "name": "test-actor" }, "source": { "addr": "hostname.local:port" } },
            { "id": "2", "timestamp": "2006-01-02T15:04:05Z", "action": "push", "target": { "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "length": 1, "digest": "sha256:fea8895f450959fa676bcc1df0611ea93823a735a01205fd8622846041d0c7cf", "repository": "library/test", "tag": "7", "url": "http://example.com/v2/library/test/manifests/sha256:fea8" }, "request": { "id": "r2", "addr": "client.local", "host": "registrycluster.local", "method": "PUT", "useragent": "test/0.1" }, "actor": { "name": "test-actor" }, "source": { "addr": "hostname.local:port" } },
            { "id": "3", "timestamp": "2006-01-02T15:04:05Z", "action": "pull", "target": { "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "repository": "library/other", "tag": "8" }, "request": { "id": "r3", "host": "registrycluster.local", "method": "GET" } }
          ]
        }
        """;
}

using System.Collections.Immutable;
using System.Net;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Registries;

/// <summary>Which digest does a reference have: one HEAD, and a GET only where that did not tell; and what is inside an index.</summary>
internal sealed class Manifests(Admission admission)
{
    /// <summary>The largest manifest that registries and engines take. Source: distribution spec, "Pushing manifests".</summary>
    private const int MostBytes = 4 << 20;

    private static readonly ImmutableArray<string> OfOnePlatform = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

    private static readonly ImmutableArray<string> MediaTypes =
        ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json", .. OfOnePlatform];

    public async Task<RegistryAnswer> DigestAsync(Asked asked, CancellationToken ct)
    {
        var reply = await SendAsync(asked, HttpMethod.Head, ct);
        if (reply is not Reply.Response { Message: var head })
        {
            return ((Reply.Refused)reply).Failure;
        }

        using (head)
        {
            return head.StatusCode switch
            {
                HttpStatusCode.OK when DigestOf(head) is { } digest => Checked(asked, digest, IsOfOnePlatform(head) ? [] : null),
                HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => await ReadAsync(asked, ct),
                _ => Failures.OfManifest(asked, head),
            };
        }
    }

    /// <summary>The front door: whether the registry answers and takes the login. Source: distribution spec, "Determining Support".</summary>
    public async Task<RegistryAnswer> GreetAsync(Asked asked, CancellationToken ct)
    {
        var reply = await admission.SendAsync(asked, new Question(HttpMethod.Get, asked.Host.Address.Door), ct);
        if (reply is not Reply.Response { Message: var answer })
        {
            return ((Reply.Refused)reply).Failure;
        }

        using (answer)
        {
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new RegistryAnswer.Admitted(answer.Headers.Date),
                HttpStatusCode.NotFound => Failures.Unavailable($"{asked.Host.Address.Name} has no /v2/: is it a registry?"),
                _ => Failures.OfManifest(asked, answer),
            };
        }
    }

    /// <summary>The manifest or index itself, by a GET.</summary>
    public async Task<RegistryAnswer> ReadAsync(Asked asked, CancellationToken ct)
    {
        var reply = await SendAsync(asked, HttpMethod.Get, ct);
        if (reply is not Reply.Response { Message: var get })
        {
            return ((Reply.Refused)reply).Failure;
        }

        using (get)
        {
            return get.StatusCode == HttpStatusCode.OK
                ? Read(asked, DigestOf(get), await BoundedBody.ReadAsync(get, MostBytes, ct))
                : Failures.OfManifest(asked, get);
        }
    }

    private Task<Reply> SendAsync(Asked asked, HttpMethod method, CancellationToken ct) =>
        admission.SendAsync(asked, new Question(method, asked.Host.Address.Manifest(asked.Reference)) { Accept = MediaTypes }, ct);

    private static RegistryAnswer Read(Asked asked, Digest? said, ReadOnlyMemory<byte> body)
    {
        if (!ManifestBody.IsManifest(body.Span))
        {
            return Failures.Unavailable($"{asked.Host.Address.Name} answered with something other than a manifest for {asked.Reference}");
        }

        var computed = ManifestBody.DigestOf(body.Span, like: said ?? asked.Reference.Digest);
        return said is null || said == computed
            ? Checked(asked, computed, ManifestBody.PlatformsOf(body.Span))
            : Failures.Unavailable($"{asked.Host.Address.Name} sent a manifest for {asked.Reference} that does not have the digest it claims");
    }

    /// <summary>Asked for a digest, a registry can only answer with that one.</summary>
    private static RegistryAnswer Checked(Asked asked, Digest digest, ImmutableArray<Digest>? platforms) =>
        asked.Reference.Digest is not { } wanted || wanted == digest
            ? new RegistryAnswer.Found(digest) { Platforms = platforms }
            : Failures.Unavailable($"{asked.Host.Address.Name} answered with another digest than {asked.Reference} asks for");

    private static bool IsOfOnePlatform(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) && OfOnePlatform.Contains(values.ToString().Split(';')[0].Trim());

    private static Digest? DigestOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Docker-Content-Digest", out var values)
        && values.Count == 1 && Digest.TryParse(values.ToString(), out var digest) ? digest : null;
}

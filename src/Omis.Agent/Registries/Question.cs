using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace Omis.Agent.Registries;

/// <summary>A request that can be sent more than once.</summary>
internal sealed record Question(HttpMethod Method, Uri Uri, AuthenticationHeaderValue? Authorization = null)
{
    private static readonly ProductInfoHeaderValue Agent = new("omis-agent", Version());

    public Purpose Purpose { get; init; }

    public ImmutableArray<string> Accept { get; init; } = [];

    /// <summary>The fields of a POST. They may hold a secret, so such a question is never redirected.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Form { get; init; } = [];

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = Form.IsEmpty ? null : new FormUrlEncodedContent(Form),
        };
        request.Headers.Authorization = Authorization;
        request.Headers.UserAgent.Add(Agent);
        foreach (var type in Accept)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        return request;
    }

    /// <summary>Without the Authorization header, which is a secret.</summary>
    public override string ToString() => $"{Method} {Uri.GetLeftPart(UriPartial.Path)}";

    private static string Version() =>
        typeof(Question).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}

using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.AzureDevOps;

/// <summary>Requests to Azure DevOps' REST API 7.1, and what its refusals mean. Source: learn.microsoft.com/rest/api/azure/devops.</summary>
internal sealed class AzureDevOpsApi(AzureSite site, AzureDevOpsAccess access, Poster poster)
{
    /// <param name="path">With its query, the API's version not included.</param>
    /// <param name="place">What is asked about, for people.</param>
    /// <exception cref="ApiFaultException">It was not done.</exception>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, JsonObject? body, string place, CancellationToken ct)
    {
        var answer = await SendAsync(method, path, body, ct);
        if (answer.Status == 401 && access.Forget())
        {
            answer = await SendAsync(method, path, body, ct);
        }

        return answer.Status is >= 200 and < 300 and not 203 ? ApiJson.Parse(answer.Body) : throw new ApiFaultException(Fault(answer, place));
    }

    private async Task<PostAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct) => await poster.AskAsync(
        method,
        new Uri(site.Api, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version=7.1"),
        body?.ToJsonString(),

        // Without it the answer to who is not let in is a page to sign in at.
        [("Accept", "application/json"), ("X-TFS-FedAuthRedirect", "Suppress"), ("Authorization", await access.HeaderAsync())],
        ct);

    private static Delivery Fault(PostAnswer answer, string place) => answer.Status switch
    {
        401 or 203 or 302 => new Delivery.Rejected(answer.Text("it does not take the token; see that it is current, and that the identity is a user of the organization")),
        403 => new Delivery.Rejected(answer.Text($"{place}: this is not permitted; it needs Code (status), and the right to contribute")),
        404 => new Delivery.Rejected(answer.Text($"{place}: the repository or the commit is not there, or who asks has no access to it")),
        _ => answer.ToDelivery(),
    };
}

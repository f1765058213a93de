using System.Net.Http.Headers;
using System.Text;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Probes;

/// <summary>Asks once, over a connection of its own: one kept open to the old container must never vouch for the new one.</summary>
public sealed class HttpProbe(TimeProvider time)
{
    public async Task<Sample> ProbeAsync(ProbeSpec.Http spec, ProbeAddress where, CancellationToken ct)
    {
        var filled = where.Fill(spec.Url, out var problem);
        if (problem is not null || !Uri.TryCreate(filled, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            // Not the text itself: it may hold a password.
            return Bad($"{spec.Method} probe: {problem ?? "its URL is no absolute http or https URL"}");
        }

        var asked = $"{spec.Method} {Shown(url)}";
        try
        {
            using var late = new CancellationTokenSource(spec.Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            var complaint = await AskAsync(spec, url, either.Token);
            ct.ThrowIfCancellationRequested();
            return complaint is null ? Sample.Good() : Bad($"{asked}: {complaint}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Bad($"{asked}: no answer within {Durations.Text(spec.Timeout)}");
        }
#pragma warning disable CA1031 // A container that answers with nonsense is unhealthy, whatever the nonsense.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            ct.ThrowIfCancellationRequested();
            return Bad($"{asked}: {HttpFaults.Text(fault)}");
        }
    }

    /// <returns>What is wrong with the answer, or null.</returns>
    private static async Task<string?> AskAsync(ProbeSpec.Http spec, Uri url, CancellationToken ct)
    {
        using var client = new HttpClient(HttpConnection.Fresh(spec)) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = Request(spec, url);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        var status = (int)response.StatusCode;
        if (!spec.Status.Any(range => range.Holds(status)))
        {
            var said = await AnswerBody.FirstLineAsync(response, ct);
            return said.Length == 0 ? $"{status}" : $"{status} ({said})";
        }

        return spec.Body is null ? null : AnswerBody.Complaint(spec.Body, await AnswerBody.ReadAsync(response, ct));
    }

    private static HttpRequestMessage Request(ProbeSpec.Http spec, Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(spec.Method), url);
        if (url.UserInfo.Length > 0 && !spec.Headers.Keys.Contains("Authorization", StringComparer.OrdinalIgnoreCase))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        }

        foreach (var (name, value) in spec.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>Neither user and password nor a query, which may hold a token.</summary>
    private static string Shown(Uri url) =>
        url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (url.Query.Length > 0 ? "?…" : "");

    private static Sample Bad(string detail) => Sample.Bad(ReasonCode.ProbeFailed, detail);
}

using System.Net;
using Polly;

namespace Omis.Agent.Registries;

/// <summary>Carries one question there: retries what a second try may mend, follows redirects, keeps credentials at home.</summary>
internal sealed class Courier(Transports transports, ResiliencePipeline<HttpResponseMessage> retries)
{
    private const int MostRedirects = 5;

    /// <exception cref="HttpRequestException">No answer.</exception>
    /// <exception cref="RegistryFaultException">An answer that sends us where we do not go.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryAddress address, Question question, CancellationToken ct)
    {
        for (var hop = 0; ; hop++)
        {
            var response = await TryAsync(address, question, ct);
            if (Target(question, response) is not { } target)
            {
                return response;
            }

            response.Dispose();
            question = hop < MostRedirects
                ? Follow(address, question, target)
                : throw new RegistryFaultException($"{address.Name} redirects more than {MostRedirects} times");
        }
    }

    private async Task<HttpResponseMessage> TryAsync(RegistryAddress address, Question question, CancellationToken ct)
    {
        var transport = transports.For(address, question.Uri);
        return await retries.ExecuteAsync(
            async token =>
            {
                using var request = question.ToRequest();
                return await CountedAsync(address, question, transport.SendAsync(request, token));
            },
            ct);
    }

    private static async Task<HttpResponseMessage> CountedAsync(RegistryAddress address, Question question, Task<HttpResponseMessage> sent)
    {
        HttpResponseMessage? response = null;
        try
        {
            return response = await sent;
        }
        finally
        {
            RegistryMeter.Count(address, question.Purpose, (int?)response?.StatusCode);
        }
    }

    private static Uri? Target(Question question, HttpResponseMessage response) =>
        question.Form.IsEmpty
        && response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is { } location
            ? new Uri(question.Uri, location)
            : null;

    /// <summary>Authorization is for the server that asked for it: another host, port or scheme gets none.</summary>
    private static Question Follow(RegistryAddress address, Question question, Uri target)
    {
        var downgrade = question.Uri.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps;
        if (downgrade || !address.MaySendTo(target))
        {
            throw new RegistryFaultException($"{question.Uri.Authority} redirects to {target.GetLeftPart(UriPartial.Authority)}, which is not https");
        }

        var home = Uri.Compare(question.Uri, target, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
        return question with { Uri = target, Authorization = home ? question.Authorization : null };
    }
}

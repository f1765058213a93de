using System.Net;
using System.Net.Http.Headers;

namespace Omis.Agent.Registries.Tokens;

/// <summary>Sends a question with what the repository asked for last time, and answers a challenge if there is one.</summary>
internal sealed class Admission(Courier courier, PassOffice office)
{
    /// <summary>Bare, with a token of another's, with that one's successor, with one of our own.</summary>
    private const int MostAttempts = 4;

    public async Task<Reply> SendAsync(Asked asked, Question question, CancellationToken ct)
    {
        var pass = asked.Host.ChallengeOf(asked.Reference.Repository) is { } known
            ? await office.PassAsync(asked, known, rejected: null, ct)
            : Pass.Admit.Bare;
        string? rejected = null;
        for (var attempt = 1; pass is Pass.Admit admit; attempt++)
        {
            var response = await courier.SendAsync(asked.Host.Address, question with { Authorization = admit.Header }, ct);
            if (attempt == MostAttempts || admit.Fresh || Challenged(asked, response) is not { } challenge)
            {
                return new Reply.Response(response);
            }

            response.Dispose();
            rejected = Token(admit.Header) ?? rejected;
            pass = await AnswerAsync(asked, challenge, admit, rejected, ct);
        }

        return new Reply.Refused(((Pass.Refuse)pass).Failure);
    }

    /// <summary>Only the registry's own challenge is answered, not that of a host it redirected us to.</summary>
    private static Challenge? Challenged(Asked asked, HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Unauthorized
        && response.RequestMessage?.RequestUri is { } asker && asked.Host.Address.IsOwn(asker)
            ? Challenge.Choose(response)
            : null;

    /// <summary>
    /// Harbor says Basic to a token that has run out, and Bearer only to who comes with nothing (getChallenge in its
    /// v2auth middleware): so it is asked again with nothing, and neither a password is sent nor an anonymous given up.
    /// </summary>
    private async Task<Pass> AnswerAsync(Asked asked, Challenge challenge, Pass.Admit sent, string? rejected, CancellationToken ct)
    {
        if (challenge.IsBasic && Token(sent.Header) is not null)
        {
            asked.Host.Forget(asked.Reference.Repository);
            return Pass.Admit.Bare;
        }

        asked.Host.Remember(asked.Reference.Repository, challenge);
        return await office.PassAsync(asked, challenge, rejected, ct);
    }

    private static string? Token(AuthenticationHeaderValue? header) => header is { Scheme: "Bearer" } ? header.Parameter : null;
}

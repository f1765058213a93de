using System.Net.Http.Headers;
using System.Text;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Registries.Tokens;

/// <summary>Turns a challenge into what answers it.</summary>
internal sealed class PassOffice(TokenClient realms, TokenCache tokens)
{
    /// <param name="rejected">The token that this challenge refused, if one was sent.</param>
    public async Task<Pass> PassAsync(Asked asked, Challenge challenge, string? rejected, CancellationToken ct) =>
        challenge.IsBearer ? await BearerAsync(asked, challenge, rejected, ct)
        : asked.Credential is RegistryCredential.Basic basic ? new Pass.Admit(Header(basic), Fresh: true)
        : new Pass.Refuse(Failures.Unauthorized(asked, asked.Host.Address.Name));

    public static AuthenticationHeaderValue Header(RegistryCredential.Basic basic) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.Username}:{basic.Password}")));

    private async Task<Pass> BearerAsync(Asked asked, Challenge challenge, string? rejected, CancellationToken ct)
    {
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || !asked.Host.Address.MaySendTo(realm))
        {
            return new Pass.Refuse(Failures.Unauthorized(asked, $"{asked.Host.Address.Name} names a token realm that is not https, so nothing was sent there, and it"));
        }

        var scope = challenge.Scope ?? asked.Scope;
        var key = new TokenKey(asked.Host.Address.Name, realm.OriginalString, challenge.Service, scope, asked.Credential);
        var (answer, fresh) = tokens.Get(key, rejected, () => realms.FetchAsync(asked, realm, key));
        return await answer.WaitAsync(ct) switch
        {
            TokenAnswer.Granted granted => new Pass.Admit(granted.Token.Header, fresh),
            TokenAnswer.Refused refused => new Pass.Refuse(refused.Failure),
            _ => throw new InvalidOperationException("a closed set"),
        };
    }
}

using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Omis.Agent.Registries.Tokens;

/// <summary>
/// Reads WWW-Authenticate as RFC 9110 §11.6.1 has it, and past whatever else servers send: it never fails, and
/// takes time in proportion to the header's length.
/// </summary>
internal ref struct ChallengeParser
{
    private const int MostCharacters = 16 * 1024;

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private ReadOnlySpan<char> _rest;

    private ChallengeParser(ReadOnlySpan<char> header) => _rest = header[..Math.Min(header.Length, MostCharacters)];

    public static ImmutableArray<Challenge> Parse(string header) => new ChallengeParser(header).All();

    private ImmutableArray<Challenge> All()
    {
        var challenges = ImmutableArray.CreateBuilder<Challenge>();
        var parameters = ImmutableDictionary.CreateBuilder<string, string>();
        string? scheme = null;
        while (NextName() is { } name)
        {
            if (scheme is not null && TakeEquals())
            {
                parameters.TryAdd(name, Value());
                continue;
            }

            Add(challenges, scheme, parameters);
            scheme = name;
        }

        Add(challenges, scheme, parameters);
        return challenges.ToImmutable();
    }

    private static void Add(ImmutableArray<Challenge>.Builder challenges, string? scheme, ImmutableDictionary<string, string>.Builder parameters)
    {
        if (scheme is not null)
        {
            challenges.Add(new Challenge(scheme, parameters.ToImmutable()));
            parameters.Clear();
        }
    }

    /// <summary>The next run of token characters; what cannot begin one is skipped.</summary>
    private string? NextName()
    {
        var start = _rest.IndexOfAny(Token);
        if (start < 0)
        {
            return null;
        }

        _rest = _rest[start..];
        return TakeToken().ToString().ToLowerInvariant();
    }

    private ReadOnlySpan<char> TakeToken()
    {
        var end = _rest.IndexOfAnyExcept(Token);
        var token = end < 0 ? _rest : _rest[..end];
        _rest = _rest[token.Length..];
        return token;
    }

    private bool TakeEquals()
    {
        var next = _rest.TrimStart(" \t");
        if (!next.StartsWith('='))
        {
            return false;
        }

        _rest = next[1..].TrimStart(" \t");
        return true;
    }

    /// <summary>Quoted or bare. A bare URL is no token by the RFC, but is sent, so it reaches to the next comma or space.</summary>
    private string Value()
    {
        if (_rest.StartsWith('"'))
        {
            return Quoted();
        }

        var end = _rest.IndexOfAny(", \t");
        var value = end < 0 ? _rest : _rest[..end];
        _rest = _rest[value.Length..];
        return value.ToString();
    }

    private string Quoted()
    {
        var text = new StringBuilder();
        var at = 1;
        for (; at < _rest.Length && _rest[at] != '"'; at++)
        {
            at += _rest[at] == '\\' && at + 1 < _rest.Length ? 1 : 0;
            text.Append(_rest[at]);
        }

        _rest = _rest[Math.Min(at + 1, _rest.Length)..];
        return text.ToString();
    }
}

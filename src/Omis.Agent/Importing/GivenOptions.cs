using System.Collections.Immutable;

namespace Omis.Agent.Importing;

/// <summary>What a Watchtower was given, by flag; arguments win over variables, as for it. Values may be secrets.</summary>
/// <param name="Names">The containers that it was told to watch, and no others.</param>
/// <param name="Unknown">Flags and variables that Watchtower 1.7 does not know.</param>
internal sealed record GivenOptions(ImmutableSortedDictionary<string, ImmutableArray<string>> Options, ImmutableArray<string> Names, ImmutableArray<string> Unknown)
{
    public static GivenOptions Of(WatchtowerRun run)
    {
        var options = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var option in WatchtowerOptions.All.Where(option => option.Environment is not null))
        {
            if (run.Environment.GetValueOrDefault(option.Environment!) is { Length: > 0 } value)
            {
                options[option.Flag] = Values(option, value);
            }
        }

        var unknown = run.Environment.Keys.Where(name => name.StartsWith("WATCHTOWER_", StringComparison.Ordinal) && !WatchtowerOptions.All.Any(option => option.Environment == name)).Order(StringComparer.Ordinal).ToImmutableArray();
        var (arguments, names, strangers) = Arguments(run.Arguments);
        foreach (var given in arguments.GroupBy(argument => argument.Option))
        {
            options[given.Key.Flag] = [.. given.SelectMany(argument => Values(given.Key, argument.Value))];
        }

        return new GivenOptions(options.ToImmutable(), names, [.. unknown, .. strangers]);
    }

    /// <summary>As Go's strconv.ParseBool has it.</summary>
    public bool Is(string flag) => Text(flag)?.ToUpperInvariant() is "1" or "T" or "TRUE";

    public string? Text(string flag) => Options.GetValueOrDefault(flag) is { IsDefaultOrEmpty: false } values ? values[^1] : null;

    public ImmutableArray<string> List(string flag) => Options.GetValueOrDefault(flag) is { IsDefault: false } values ? values : [];

    public override string ToString() => $"GivenOptions {{ {string.Join(", ", Options.Keys)} }}";

    /// <summary>As pflag takes them: <c>--flag=value</c>, <c>--flag value</c>, <c>-f value</c>, <c>-fvalue</c>, <c>-cd</c>.</summary>
    private static (ImmutableArray<(WatchtowerOption Option, string Value)>, ImmutableArray<string> Names, ImmutableArray<string> Strangers) Arguments(ImmutableArray<string> words)
    {
        var given = ImmutableArray.CreateBuilder<(WatchtowerOption, string)>();
        var names = ImmutableArray.CreateBuilder<string>();
        var strangers = ImmutableArray.CreateBuilder<string>();
        for (var at = 0; at < words.Length; at++)
        {
            var word = words[at];
            if (word == "--")
            {
                names.AddRange(words[(at + 1)..]);
                break;
            }

            if (!word.StartsWith('-') || word == "-")
            {
                names.Add(word);
                continue;
            }

            var isLong = word.StartsWith("--", StringComparison.Ordinal);
            var (name, value) = word.TrimStart('-').Split('=', 2) is [var left, var right] ? (left, right) : (word.TrimStart('-'), null);
            var options = isLong ? [WatchtowerOptions.All.FirstOrDefault(option => option.Flag == name)] : Letters(name, ref value);
            if (options.Contains(null))
            {
                strangers.Add(isLong ? $"--{name}" : $"-{name}");
                continue;
            }

            var last = options[^1]!;
            given.AddRange(options[..^1].Select(option => (option!, "true")));
            given.Add((last, value ?? (last.Kind == OptionKind.Switch ? "true" : at + 1 < words.Length ? words[++at] : "")));
        }

        return (given.ToImmutable(), names.ToImmutable(), strangers.ToImmutable());
    }

    private static ImmutableArray<WatchtowerOption?> Letters(string letters, ref string? value)
    {
        var options = ImmutableArray.CreateBuilder<WatchtowerOption?>();
        for (var i = 0; i < letters.Length; i++)
        {
            var option = WatchtowerOptions.All.FirstOrDefault(option => option.Short == letters[i]);
            options.Add(option);
            if (option is { Kind: not OptionKind.Switch } && i + 1 < letters.Length)
            {
                value = letters[(i + 1)..] + (value is null ? "" : "=" + value);
                break;
            }
        }

        return options.ToImmutable();
    }

    private static ImmutableArray<string> Values(WatchtowerOption option, string text) => option.Kind switch
    {
        OptionKind.List => [.. text.Split([',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)],
        OptionKind.Urls => [.. text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)],
        _ => [text],
    };
}

using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Omis.Agent.Core.Notifying;

/// <summary>
/// The part of Mustache that needs no code: <c>{{name}}</c>, <c>{{#name}}…{{/name}}</c> once for each item or where there
/// is one, <c>{{^name}}…{{/name}}</c> where there is none. Nothing is escaped; that is the channel's. Source: mustache(5).
/// </summary>
public sealed partial class Template
{
    private readonly ImmutableArray<Part> parts;

    private Template(string source, ImmutableArray<Part> parts) => (Source, this.parts) = (source, parts);

    public string Source { get; }

    /// <summary>Every name that the template asks for.</summary>
    public IEnumerable<string> Names => NamesOf(parts).Distinct();

    /// <exception cref="FormatException">A section is not closed, or closed without having begun.</exception>
    public static Template Parse(string text)
    {
        // A line with nothing but a section's tag leaves no empty line behind.
        var tags = Tag().Split(Standalone().Replace(text, "$1"));
        var position = 0;
        return new Template(text, Read(tags, ref position, section: null));
    }

    public string Fill(TemplateValues values)
    {
        var text = new StringBuilder();
        Fill(parts, [values], text);
        return text.ToString().Trim();
    }

    /// <summary>Split leaves text, sign and name of each tag in turn.</summary>
    private static ImmutableArray<Part> Read(string[] tags, ref int position, string? section)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        while (true)
        {
            parts.Add(new Part.Text(tags[position++]));
            if (position == tags.Length)
            {
                return section is null ? parts.ToImmutable() : throw new FormatException($"{{{{#{section}}}}} is not closed; expected {{{{/{section}}}}}");
            }

            var (sign, name) = (tags[position++], tags[position++]);
            switch (sign)
            {
                case "/" when name == section:
                    return parts.ToImmutable();
                case "/":
                    throw new FormatException($"{{{{/{name}}}}} closes nothing that is open");
                case "":
                    parts.Add(new Part.Value(name));
                    break;
                default:
                    parts.Add(new Part.Section(name, sign == "#", Read(tags, ref position, name)));
                    break;
            }
        }
    }

    private static void Fill(ImmutableArray<Part> parts, ImmutableStack<TemplateValues> scopes, StringBuilder text)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case Part.Text literal:
                    text.Append(literal.Content);
                    break;
                case Part.Value value:
                    text.Append(scopes.Select(scope => scope.Text(value.Name)).FirstOrDefault(found => found is not null));
                    break;
                case Part.Section section:
                    Fill(section, scopes, text);
                    break;
            }
        }
    }

    private static void Fill(Part.Section section, ImmutableStack<TemplateValues> scopes, StringBuilder text)
    {
        var items = scopes.Select(scope => scope.Items(section.Name)).FirstOrDefault(found => found is not null) ?? [];
        if (!section.WhereAny && items.IsEmpty)
        {
            Fill(section.Parts, scopes, text);
        }

        foreach (var item in section.WhereAny ? items : [])
        {
            Fill(section.Parts, scopes.Push(item), text);
        }
    }

    private static IEnumerable<string> NamesOf(ImmutableArray<Part> parts) => parts.SelectMany(part => part switch
    {
        Part.Value value => [value.Name],
        Part.Section section => NamesOf(section.Parts).Prepend(section.Name),
        _ => Enumerable.Empty<string>(),
    });

    private abstract record Part
    {
        public sealed record Text(string Content) : Part;

        public sealed record Value(string Name) : Part;

        public sealed record Section(string Name, bool WhereAny, ImmutableArray<Part> Parts) : Part;
    }

    [GeneratedRegex(@"\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}")]
    private static partial Regex Tag();

    [GeneratedRegex(@"(?<=^|\n)[ \t]*(\{\{[#^/]\s*[A-Za-z]+\s*\}\})[ \t]*\r?\n")]
    private static partial Regex Standalone();
}

/// <summary>What a template may name: texts, and lists of more of the same.</summary>
public sealed class TemplateValues
{
    private static readonly TemplateValues None = new();

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<TemplateValues>> lists = new(StringComparer.Ordinal);

    /// <summary>Null and empty texts count as not there; the name is known all the same.</summary>
    public TemplateValues With(string name, string? text)
    {
        texts[name] = text ?? "";
        return this;
    }

    public TemplateValues With(string name, IEnumerable<TemplateValues> items)
    {
        lists[name] = [.. items];
        return this;
    }

    public IEnumerable<string> Names => texts.Keys.Concat(lists.Keys).Concat(lists.Values.SelectMany(items => items).SelectMany(item => item.Names)).Distinct();

    internal string? Text(string name) => texts.GetValueOrDefault(name);

    internal ImmutableArray<TemplateValues>? Items(string name) =>
        lists.TryGetValue(name, out var items) ? items
        : texts.TryGetValue(name, out var text) ? text.Length > 0 ? [None] : []
        : null;
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omis.Agent.Hosting;
using Spectre.Console.Rendering;

namespace Omis.Agent.Commands;

/// <summary>What a verb says in the end: exactly one JSON document on standard output, or a view for a person.</summary>
internal sealed class Answer(Surroundings around, bool json)
{
    /// <summary>Quotation marks in a container's message stay readable; nothing here is put into HTML.</summary>
    private static readonly JavaScriptEncoder Readable = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private bool given;

    /// <summary>True where a program reads the answer.</summary>
    public bool IsJson => json;

    public void Give<T>(T document, JsonTypeInfo<T> type, Func<IRenderable> view)
    {
        if (!json)
        {
            around.Out.Show(view());
        }

        Document(document, type);
    }

    /// <summary>Why there is no answer. A person reads it on standard error.</summary>
    public void Fail<T>(T document, JsonTypeInfo<T> type, IEnumerable<string> lines)
    {
        Document(document, type);
        foreach (var line in lines)
        {
            around.Error.Line(line);
        }
    }

    public void Fail(string code, string detail, params ReadOnlySpan<string> more) =>
        Fail(new ErrorDocument(new ErrorDetail(code, detail)), Documents.Default.ErrorDocument, [$"omis-agent: {detail}", .. more]);

    /// <summary>One and no more: what goes wrong after the answer is told on standard error only.</summary>
    private void Document<T>(T document, JsonTypeInfo<T> type)
    {
        if (json && !given)
        {
            given = true;
            around.Out.Line(Text(document, type));
        }
    }

    private static string Text<T>(T document, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Readable }))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}

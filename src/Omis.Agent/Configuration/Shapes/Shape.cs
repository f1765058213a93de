using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>One kind of value: how it is read, and the schema that says the same.</summary>
internal abstract class Shape<T>
{
    /// <summary>True where <c>nameFile</c> may stand for <c>name</c>.</summary>
    public virtual bool MayStandInFile => false;

    /// <param name="start">What holds where the value is silent: the default, or what is inherited.</param>
    /// <returns>False where nothing could be read; why has been reported.</returns>
    public abstract bool TryRead(Found found, T? start, [MaybeNullWhen(false)] out T value);

    public abstract JsonObject Schema();

    /// <summary>The value as the config would say it, or null where it would not.</summary>
    public virtual JsonNode? Show(T? value) => null;
}

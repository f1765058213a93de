using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

internal sealed class FlagShape : Shape<bool>
{
    public override bool TryRead(Found found, bool start, out bool value)
    {
        value = found.Element.ValueKind == JsonValueKind.True;
        return value || found.Is(JsonValueKind.False, "true or false");
    }

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    public override JsonNode Show(bool value) => JsonValue.Create(value);
}

internal sealed class CountShape(int least, int most) : Shape<int>
{
    public override bool TryRead(Found found, int start, out int value)
    {
        value = start;
        var expected = $"a whole number from {least} to {most}";
        if (!found.Is(JsonValueKind.Number, expected))
        {
            return false;
        }

        if (found.Element.TryGetInt32(out value) && value >= least && value <= most)
        {
            return true;
        }

        found.Fail($"found {Found.Brief(found.Element.GetRawText())}, expected {expected}");
        return false;
    }

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    public override JsonNode Show(int value) => JsonValue.Create(value);
}

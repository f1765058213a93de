using System.Collections.Immutable;
using Omis.Agent.Core.Planning;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

internal static class PinView
{
    public static IRenderable Pinned(Pin pin) =>
        Look.Line($"{pin.Workload} is {pin.Text}{(pin.Reached ? "" : "; the next update takes it there")}");

    public static IRenderable Unpinned(ImmutableArray<Pin> ended) =>
        Look.Line(ended.IsEmpty ? "nothing was pinned" : $"unpinned {string.Join(", ", ended.Select(pin => pin.Workload))}; what their tags point to is rolled out at the next check");
}

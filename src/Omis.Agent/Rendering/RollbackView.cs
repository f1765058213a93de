using Omis.Agent.Commands;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>What a person wants to know before he goes back.</summary>
internal static class RollbackView
{
    private static readonly string[] Headings = ["SERVICE", "RUNS", "WOULD GO TO", "KEPT HERE", "LAST SWAP", "DETAIL"];

    public static IRenderable Of(RollbackOutlook outlook) => new Rows(
    [
        Look.Line($"{outlook.Project}: a rollback is {(outlook.Possible ? "possible" : "not possible")}: {outlook.Detail}", outlook.Possible ? Look.Good : Look.Warn),
        .. outlook.Services.IsEmpty ? Array.Empty<IRenderable>() : [Look.Indented(Look.Table(Headings, outlook.Services.Select(Row)), 2)],
    ]);

    private static IRenderable[] Row(ServiceOutlook service) =>
    [
        Look.Cell(service.Service), Look.Cell(service.From), Look.Cell(service.To), Look.Cell(service.Kept ? "yes" : "no", service.Kept ? Look.Good : Look.Warn),
        Look.Cell(Words.Milliseconds(service.LastSwapMs)), Look.Cell(service.Detail),
    ];
}

using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Json;

namespace Omis.Agent.Control.Api;

/// <summary>Shows an order's pass while it goes on, and in the end what came of it: the cycle and the exit code.</summary>
internal sealed class OrderStream(HttpContext context, TimeProvider time)
{
    /// <summary>For answers that are one document, which has no place for it.</summary>
    public const string ExitHeader = "Omis-Exit-Code";

    public static string Exit(CycleReport report) => ExitCodes.Of(report).ToString(CultureInfo.InvariantCulture);

    /// <summary>The stream begins with the first event: until then a refusal has a status of its own.</summary>
    public async Task ServeAsync(Order order, OrderView view)
    {
        _ = order.Report.ContinueWith(_ => view.End(), TaskScheduler.Default);
        var stream = new EventStream(context, time);
        await Task.WhenAny(order.Report, view.Events.WaitToReadAsync(context.RequestAborted).AsTask());
        context.RequestAborted.ThrowIfCancellationRequested();
        if (order.Report.IsFaulted)
        {
            await order.Report;
        }

        await stream.BeginAsync();
        await stream.RelayAsync(view.Events);
        await TellAsync(stream, order);
    }

    private async Task TellAsync(EventStream stream, Order order)
    {
        try
        {
            var report = await order.Report.WaitAsync(context.RequestAborted);
            await stream.SendAsync("cycle", JsonSerializer.Serialize(report, AgentJson.Default.CycleReport));
            await stream.SendAsync("exit", JsonSerializer.Serialize(new ExitDocument(ExitCodes.Of(report)), LiveJson.Default.ExitDocument));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await stream.SendAsync("problem", JsonSerializer.Serialize(Problem.Of(fault) ?? Problem.Unexpected, ControlJson.Default.Problem));
            throw;
        }
    }
}

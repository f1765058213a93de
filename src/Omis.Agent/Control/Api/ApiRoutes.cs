using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omis.Agent.Commands;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Json;

namespace Omis.Agent.Control.Api;

/// <summary>The verbs over HTTP, answered with what <c>--json</c> prints.</summary>
internal sealed partial class ApiRoutes(ServiceDesk desk, EventFeed feed, Func<string> metrics, Doorkeeper door, TimeProvider time, ILogger<ApiRoutes> logger)
{
    private static readonly byte[] Description = Embedded("openapi.json");

    public ImmutableArray<Route> All =>
    [
        Guarded("GET", "/v1/version", (context, _) => Replies.JsonAsync(context, StatusCodes.Status200OK, VersionDocument.OfThis, LiveJson.Default.VersionDocument)),
        Guarded("GET", "/v1/status", async (context, _) =>
            await Replies.JsonAsync(context, StatusCodes.Status200OK, await desk.StatusAsync(context.RequestAborted), Documents.Default.StatusReport)),
        Guarded("GET", "/v1/history", HistoryAsync),
        Guarded("GET", "/v1/plan", (context, _) => LookAsync(context, CycleDepth.Plan)),
        Guarded("POST", "/v1/check", (context, _) => LookAsync(context, CycleDepth.Check)),
        Guarded("POST", "/v1/update", UpdateAsync),
        Guarded("POST", "/v1/rollback", RollbackAsync),
        Guarded("POST", "/v1/pause", PauseAsync),
        Guarded("POST", "/v1/resume", ResumeAsync),
        Guarded("GET", "/v1/events", (context, _) => EventsAsync(context)),
        Guarded("GET", "/metrics", (context, _) => Replies.WriteAsync(context, StatusCodes.Status200OK, "text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8.GetBytes(metrics()))),
        Guarded("GET", "/v1/openapi.json", (context, _) => Replies.WriteAsync(context, StatusCodes.Status200OK, "application/json", Description)),
    ];

    private Route Guarded(string method, string path, Func<HttpContext, Caller, Task> answer) =>
        new(method, path, context => answer(context, door.Admit(context)));

    private async Task HistoryAsync(HttpContext context, Caller caller)
    {
        var filter = new HistoryFilter(Query(context, "project"), Understood(() => Moments.Since(Query(context, "since"), desk.Now, "since")), Query(context, "id"));
        await Replies.JsonAsync(context, StatusCodes.Status200OK, new HistoryDocument(await desk.HistoryAsync(filter, context.RequestAborted)), Documents.Default.HistoryDocument);
    }

    private async Task LookAsync(HttpContext context, CycleDepth depth) =>
        await ReportAsync(context, await desk.LookAsync(new CycleRequest { Depth = depth }, context.RequestAborted));

    private async Task UpdateAsync(HttpContext context, Caller caller)
    {
        var asked = await Bodies.ReadAsync(context, AskedJson.Default.UpdateAsked, new UpdateAsked(), time);
        if (asked is { Project: null, Services: { IsDefaultOrEmpty: false } })
        {
            throw BadRequest("'services' are given without their 'project'; expected both");
        }

        await RollAsync(context, caller, new CycleRequest
        {
            Depth = CycleDepth.Rollout,
            Trigger = Trigger.Manual,
            Actor = asked.Actor ?? caller.Name,
            Comment = asked.Reason,
            Project = asked.Project,
            Services = asked.Services ?? [],
        });
    }

    private async Task RollbackAsync(HttpContext context, Caller caller)
    {
        var asked = await Bodies.ReadAsync(context, AskedJson.Default.RollbackAsked, new RollbackAsked(), time);
        await RollAsync(context, caller, new CycleRequest
        {
            Depth = CycleDepth.Rollout,
            Trigger = Trigger.Manual,
            Actor = asked.Actor ?? caller.Name,
            Comment = asked.Reason,
            Project = asked.Project ?? throw BadRequest("'project' is missing; it must be given"),
            Services = asked.Services ?? [],
            Back = new BackRequest(asked.To),
        });
    }

    private async Task RollAsync(HttpContext context, Caller caller, CycleRequest request)
    {
        var watched = EventStream.IsWanted(context.Request);
        var view = new OrderView(watched);
        var order = desk.Roll(request, view, context.RequestAborted);
        Ordered(logger, request.Back is null ? "update" : "rollback", request.Project ?? "everything", caller.Name);
        if (watched)
        {
            await new OrderStream(context, time).ServeAsync(order, view);
        }
        else
        {
            await ReportAsync(context, await order.Report.WaitAsync(context.RequestAborted));
        }
    }

    private async Task PauseAsync(HttpContext context, Caller caller)
    {
        var asked = await Bodies.ReadAsync(context, AskedJson.Default.PauseAsked, new PauseAsked(), time);
        var now = desk.Now;
        var pause = new Pause(asked.Project, Understood(() => Moments.Until(asked.For, now, "for")), asked.Reason, asked.Actor ?? caller.Name, now);
        await desk.PauseAsync(pause, context.RequestAborted);
        Ordered(logger, "pause", pause.Project ?? "everything", caller.Name);
        await Replies.JsonAsync(context, StatusCodes.Status200OK, new PausedDocument(pause), Documents.Default.PausedDocument);
    }

    private async Task ResumeAsync(HttpContext context, Caller caller)
    {
        var asked = await Bodies.ReadAsync(context, AskedJson.Default.ResumeAsked, new ResumeAsked(), time);
        var ended = await desk.ResumeAsync(asked.Project, context.RequestAborted);
        Ordered(logger, "resume", asked.Project ?? "everything", caller.Name);
        await Replies.JsonAsync(context, StatusCodes.Status200OK, new ResumedDocument(ended), Documents.Default.ResumedDocument);
    }

    private async Task EventsAsync(HttpContext context)
    {
        var reader = feed.Watch(EventStream.LastId(context.Request))
            ?? throw new RefusedException(StatusCodes.Status429TooManyRequests, "rateLimited", "too many watch already; try again later");
        try
        {
            var stream = new EventStream(context, time);
            await stream.BeginAsync();
            await stream.RelayAsync(reader);
        }
        finally
        {
            feed.Leave(reader);
        }
    }

    private static Task ReportAsync(HttpContext context, CycleReport report)
    {
        context.Response.Headers[OrderStream.ExitHeader] = OrderStream.Exit(report);
        return Replies.JsonAsync(context, StatusCodes.Status200OK, report, AgentJson.Default.CycleReport);
    }

    private static string? Query(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var value) && value is [{ Length: > 0 } only] ? only : null;

    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UsageException fault)
        {
            throw BadRequest(fault.Message);
        }
    }

    private static RefusedException BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "badRequest", detail);

    private static byte[] Embedded(string name)
    {
        using var stream = typeof(ApiRoutes).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [LoggerMessage(7041, LogLevel.Information, "Told to {Verb} {What} by {Caller}")]
    private static partial void Ordered(ILogger logger, string verb, string what, string caller);
}

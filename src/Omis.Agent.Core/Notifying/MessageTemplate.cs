using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>The words of a rollout's message, and what a template of one's own may name in their stead.</summary>
public sealed record MessageTemplate
{
    public const string DefaultTitle = "{{project}} on {{host}}: {{headline}}";

    public const string DefaultBody =
        """
        {{#services}}
        {{service}}: {{from}}{{#to}} → {{to}}{{/to}}{{#tag}} ({{tag}}){{/tag}}{{#versions}}, {{versions}}{{/versions}}{{#down}}, down {{down}}{{/down}}{{#exit}}, exit code {{exit}}{{/exit}}
        {{#compare}}
        {{compare}}
        {{/compare}}
        {{/services}}
        {{#more}}
        and {{more}} more services
        {{/more}}
        {{#reason}}
        Why: {{reason}}
        {{/reason}}
        {{#comment}}
        Said: {{comment}}
        {{/comment}}
        Now: {{now}}
        {{#next}}
        Next: {{next}}
        {{/next}}
        """;

    /// <summary>A message is read on a telephone.</summary>
    private const int ServicesTold = 20;

    public static readonly MessageTemplate Default = new();

    public Template Title { get; init; } = Template.Parse(DefaultTitle);

    public Template Body { get; init; } = Template.Parse(DefaultBody);

    /// <summary>All names that there are.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Values(Sample(), "").Names.Order(StringComparer.Ordinal)];

    public static TemplateValues Values(RolloutRecord record, string host)
    {
        var advice = Advice.Of(record);
        return Common(record.Id, record.Project, record.Trigger, record.Actor, host, record.Steps)
            .With("headline", MessageText.Headline(record))
            .With("outcome", MessageText.Camel(record.Outcome))
            .With("comment", record.Comment)
            .With("took", MessageText.Span(record.EndedAt - record.StartedAt))
            .With("code", record.Reason?.Code.Text())
            .With("reason", record.Reason?.Detail)
            .With("now", advice.Now)
            .With("next", advice.Next)
            .With("log", record.Steps.SelectMany(step => step.LogTail ?? []).Select(line => new TemplateValues().With("line", line)));
    }

    public static TemplateValues Values(StartedRollout started, string host) =>
        Common(started.Id, started.Project, started.Trigger, started.Actor, host, started.Steps)
            .With("headline", "update started")
            .With("outcome", "started")
            .With("now", "the new containers are made beside those that serve");

    private static TemplateValues Common(string id, string project, Trigger trigger, string? actor, string host, ImmutableArray<StepRecord> steps) => new TemplateValues()
        .With("rollout", id)
        .With("project", project)
        .With("host", host)
        .With("trigger", MessageText.Camel(trigger))
        .With("actor", actor)
        .With("more", steps.Length > ServicesTold ? $"{steps.Length - ServicesTold}" : null)
        .With("services", steps.Take(ServicesTold).Select(Service));

    private static TemplateValues Service(StepRecord step) => new TemplateValues()
        .With("service", step.Service)
        .With("action", MessageText.Camel(step.Action))
        .With("from", step.From?.Brief ?? (step.To is null ? "not updated" : "?"))
        .With("to", step.To != step.From ? step.To?.Brief : null)
        .With("image", step.Image)
        .With("tag", step.Image is { } image && ImageReference.TryParse(image, out var reference) ? reference.Tag : null)
        .With("version", step.ToOrigin?.Version)
        .With("revision", step.ToOrigin?.Revision)
        .With("versions", MessageText.Versions(step.FromOrigin, step.ToOrigin))
        .With("compare", CompareLink.Of(step.FromOrigin, step.ToOrigin))
        .With("result", MessageText.Camel(step.Outcome))
        .With("down", MessageText.Span(step.DownMs))
        .With("exit", step.ExitCode is { } code ? $"{code}" : null);

    private static RolloutRecord Sample() => new()
    {
        Id = "",
        Project = "",
        Trigger = Trigger.Poll,
        Outcome = Outcome.Failed,
        StartedAt = default,
        EndedAt = default,
        Steps = [new StepRecord { Service = "", Action = StepAction.Recreate, Outcome = Outcome.Failed, LogTail = [""] }],
    };
}

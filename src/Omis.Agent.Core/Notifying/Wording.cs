using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>From a notice to the message that a channel shows. Pure.</summary>
public sealed class Wording(string host, MessageTemplate template, ImmutableArray<string> secrets)
{
    private const string Mask = "***";
    private const int LongestTitle = 200;
    private const int LongestBody = 6000;
    private const int LongestLine = 400;
    private const int LogLines = 10;

    public Message Of(Notice notice) => Put(Cleaned(notice));

    private Message Put(Notice notice) => notice switch
    {
        Notice.Begun started => Message(notice, started.Rollout.Project, MessageTemplate.Values(started.Rollout, host)),
        Notice.Ended ended => Message(notice, ended.Record.Project, MessageTemplate.Values(ended.Record, host)) with { Log = Log(ended.Record), Links = Links(ended.Record) },
        Notice.RegistryDown down => Message(notice, down.Registry, $"registry {down.Registry} as seen from {host}: {down.Reason.Code.Text()}", $"Why: {down.Reason.Detail}\nNow: everything runs on; no update from there is seen\nNext: omis-agent check"),
        Notice.RegistryBack back => Message(notice, back.Registry, $"registry {back.Registry} as seen from {host}: answers again", $"It did not for {MessageText.Span(back.Until - back.Since)}."),
        Notice.Test => Message(notice, "test", $"test notice from {host}", "Nothing has happened: somebody tries whether this channel works.\nNext: nothing"),
        _ => throw new ArgumentOutOfRangeException(nameof(notice)),
    };

    /// <summary>Takes out what the configuration holds as secret, wherever a container or a registry may have repeated it.</summary>
    public string Clean(string text) => secrets.Aggregate(text, (masked, secret) => masked.Replace(secret, Mask, StringComparison.Ordinal));

    private Notice Cleaned(Notice notice) => notice switch
    {
        Notice.Ended ended => ended with { Record = Cleaned(ended.Record) },
        Notice.RegistryDown down => down with { Reason = Cleaned(down.Reason) },
        _ => notice,
    };

    private RolloutRecord Cleaned(RolloutRecord record) => record with
    {
        Comment = record.Comment is { } comment ? Clean(comment) : null,
        Reason = record.Reason is { } reason ? Cleaned(reason) : null,
        Steps = [.. record.Steps.Select(step => step with { LogTail = step.LogTail is { } tail ? [.. tail.Select(Clean)] : null })],
    };

    private Reason Cleaned(Reason reason) => reason with { Detail = Clean(reason.Detail) };

    private Message Message(Notice notice, string subject, TemplateValues values) =>
        Message(notice, subject, template.Title.Fill(values), template.Body.Fill(values));

    private Message Message(Notice notice, string subject, string title, string body) => new()
    {
        Notice = notice,
        Host = host,
        Subject = subject,
        Title = Clip(Clean(title.ReplaceLineEndings(" ")), LongestTitle),
        Body = Clip(Clean(string.Join('\n', body.Split('\n').Select(Printable))), LongestBody),
    };

    private static ImmutableArray<string> Log(RolloutRecord record) =>
    [
        .. record.Steps.SelectMany(step => (step.LogTail ?? []).Select(line => record.Steps.Length > 1 ? $"{step.Service}: {line}" : line))
            .TakeLast(LogLines).Select(line => Clip(Printable(line), LongestLine)),
    ];

    private static ImmutableArray<Link> Links(RolloutRecord record) =>
    [
        .. record.Steps.Select(step => (step.Service, Url: CompareLink.Of(step.FromOrigin, step.ToOrigin)))
            .Where(change => change.Url is not null).Select(change => new Link($"changes of {change.Service}", change.Url!)).DistinctBy(link => link.Url).Take(5),
    ];

    private static string Printable(string line) => string.Concat(line.Where(letter => !char.IsControl(letter) || letter == '\t'));

    private static string Clip(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";
}

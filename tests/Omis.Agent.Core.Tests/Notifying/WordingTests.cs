using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Testing;

namespace Omis.Agent.Core.Tests.Notifying;

public sealed class WordingTests
{
    private static readonly Wording Words = new("vm1", MessageTemplate.Default, ["hunter2hunter2"]);

    [Fact]
    public void A_commit_says_what_changed_from_what_to_what_and_for_how_long_it_was_down()
    {
        var step = Some.Record().Steps[0] with
        {
            Image = "ghcr.io/acme/backend:stable",
            FromOrigin = new ImageOrigin("1.2.0", "1111111aaaaaaaaaaaaaaaaa", "https://github.com/acme/shop"),
            ToOrigin = new ImageOrigin("1.3.0", "2222222bbbbbbbbbbbbbbbbb", "https://github.com/acme/shop"),
        };

        var message = Words.Of(Ended(Some.Record() with { Steps = [step] }));

        Assert.Equal("shop on vm1: updated", message.Title);
        Assert.Equal(
            """
            backend: 000000000000 → 000000000000 (stable), 1.2.0 → 1.3.0 (1111111 → 2222222), down 640 ms
            https://github.com/acme/shop/compare/1111111aaaaaaaaaaaaaaaaa...2222222bbbbbbbbbbbbbbbbb
            Now: the new images run and are healthy
            Next: omis-agent rollback shop
            """.ReplaceLineEndings("\n"),
            message.Body);
        Assert.Equal("changes of backend", Assert.Single(message.Links).Text);
    }

    [Fact]
    public void A_revert_says_why_with_the_probes_answer_and_the_last_words_and_never_looks_like_success()
    {
        var record = Some.Record(outcome: Outcome.Reverted);
        record = record with { Steps = [record.Steps[0] with { ExitCode = 1, LogTail = ["starting", "cannot open\u001b[31m database"] }] };

        var message = Words.Of(Ended(record));

        Assert.Equal("shop on vm1: update REVERTED", message.Title);
        Assert.Contains("Why: GET http://127.0.0.1:5000/api/health: 500", message.Body, StringComparison.Ordinal);
        Assert.Contains("Now: what ran before runs again", message.Body, StringComparison.Ordinal);
        Assert.Contains("Next: omis-agent history --id 01JROLLOUT", message.Body, StringComparison.Ordinal);
        Assert.Equal(["starting", "cannot open[31m database"], message.Log);
        Assert.DoesNotContain("updated", message.Title + message.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Outcome.Committed, Severity.Info)]
    [InlineData(Outcome.Refused, Severity.Warning)]
    [InlineData(Outcome.Failed, Severity.Warning)]
    [InlineData(Outcome.Reverted, Severity.Error)]
    [InlineData(Outcome.Stuck, Severity.Critical)]
    public void Each_outcome_has_its_severity(Outcome outcome, Severity severity) =>
        Assert.Equal(severity, Words.Of(Ended(Some.Record(outcome: outcome))).Severity);

    [Fact]
    public void What_the_config_holds_as_secret_is_masked_wherever_a_container_repeated_it()
    {
        var record = Some.Record(outcome: Outcome.Reverted) with { Comment = "by hunter2hunter2", Reason = new Reason(ReasonCode.Exited, "said hunter2hunter2") };
        record = record with { Steps = [record.Steps[0] with { LogTail = ["token hunter2hunter2 is bad"] }] };

        var message = Words.Of(Ended(record));

        Assert.DoesNotContain("hunter2hunter2", message.ToString() + message.Text + ((Notice.Ended)message.Notice).Record.Comment + string.Join('\n', ((Notice.Ended)message.Notice).Record.Steps[0].LogTail!), StringComparison.Ordinal);
        Assert.Equal(["token *** is bad"], message.Log);
    }

    [Fact]
    public void A_thousand_services_are_a_message_of_twenty_lines_and_a_count()
    {
        var record = Some.Record(outcome: Outcome.Refused);
        record = record with { Steps = [.. Enumerable.Range(0, 1000).Select(i => record.Steps[0] with { Service = $"s{i}" })] };

        var lines = Words.Of(Ended(record)).Body.Split('\n');

        Assert.Equal(20, lines.Count(line => line.StartsWith('s')));
        Assert.Contains("and 980 more services", lines);
    }

    [Fact]
    public void A_template_of_ones_own_replaces_the_words()
    {
        var own = new Wording("vm1", new MessageTemplate { Title = Template.Parse("{{outcome}}"), Body = Template.Parse("{{#services}}{{service}} {{result}}{{/services}}") }, []);

        var message = own.Of(Ended(Some.Record()));

        Assert.Equal(("committed", "backend committed"), (message.Title, message.Body));
    }

    [Fact]
    public void A_registry_that_breaks_and_recovers_is_told_in_its_own_words()
    {
        var down = Words.Of(new Notice.RegistryDown("ghcr.io", new Reason(ReasonCode.RegistryUnavailable, "no answer"), Some.Moment));
        var back = Words.Of(new Notice.RegistryBack("ghcr.io", Some.Moment, Some.Moment.AddMinutes(5)));

        Assert.Equal("registry ghcr.io as seen from vm1: registryUnavailable", down.Title);
        Assert.Contains("Why: no answer", down.Body, StringComparison.Ordinal);
        Assert.Equal("It did not for 5m.", back.Body);
        Assert.Equal(down.Notice.Stream, back.Notice.Stream);
    }

    [Theory]
    [InlineData("https://github.com/a/b.git", "https://github.com/a/b/compare/aaaa...bbbb")]
    [InlineData("https://gitlab.example.com/a/b/", "https://gitlab.example.com/a/b/-/compare/aaaa...bbbb")]
    [InlineData("https://dev.azure.com/o/p/_git/r", "https://dev.azure.com/o/p/_git/r/branchCompare?baseVersion=GCaaaa&targetVersion=GCbbbb")]
    [InlineData("https://bitbucket.org/a/b", "https://bitbucket.org/a/b/branches/compare/bbbb..aaaa")]
    [InlineData("https://user:secret@github.com/a/b", null)]
    [InlineData("git@github.com:a/b.git", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData(null, null)]
    public void The_link_to_the_changes_follows_from_the_source(string? source, string? link) =>
        Assert.Equal(link, CompareLink.Of(new ImageOrigin(null, "aaaa", null), new ImageOrigin(null, "bbbb", source)));

    [Theory]
    [InlineData("aaaa", "aaaa")]
    [InlineData("aaaa", "b b/../c")]
    [InlineData(null, "bbbb")]
    public void Without_two_commits_there_is_no_link(string? from, string? to) =>
        Assert.Null(CompareLink.Of(new ImageOrigin(null, from, null), new ImageOrigin(null, to, "https://github.com/a/b")));

    private static Notice.Ended Ended(RolloutRecord record) => new(record, record.Id);
}

using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Core.Tests.Notifying;

public sealed class TemplateTests
{
    private static readonly TemplateValues Values = new TemplateValues()
        .With("project", "shop")
        .With("reason", "")
        .With("services", [new TemplateValues().With("service", "web").With("down", "1.0 s"), new TemplateValues().With("service", "db").With("down", "")]);

    [Theory]
    [InlineData("{{project}}!", "shop!")]
    [InlineData("{{ project }}", "shop")]
    [InlineData("{{#services}}{{service}} {{/services}}", "web db")]
    [InlineData("{{#services}}{{service}} of {{project}}, {{/services}}.", "web of shop, db of shop, .")]
    [InlineData("{{#services}}{{service}}{{#down}} ({{down}}){{/down}};{{/services}}", "web (1.0 s);db;")]
    [InlineData("{{#reason}}why{{/reason}}{{^reason}}because{{/reason}}", "because")]
    [InlineData("{{#project}}there{{/project}}{{^project}}not there{{/project}}", "there")]
    [InlineData("a {{nothing}} b {{#nothing}}c{{/nothing}}", "a  b")]
    [InlineData("{ {project} {{1}} }}", "{ {project} {{1}} }}")]
    public void Names_and_sections_are_filled_in(string template, string expected) =>
        Assert.Equal(expected, Template.Parse(template).Fill(Values));

    [Fact]
    public void A_line_that_only_opens_or_closes_a_section_leaves_no_line_behind() =>
        Assert.Equal("one\nweb\ndb\ntwo", Template.Parse("one\n{{#services}}\n{{service}}\n{{/services}}\ntwo").Fill(Values));

    [Theory]
    [InlineData("{{#services}}", "{{#services}} is not closed; expected {{/services}}")]
    [InlineData("{{/services}}", "{{/services}} closes nothing that is open")]
    [InlineData("{{#services}}{{#down}}{{/services}}{{/down}}", "{{/services}} closes nothing that is open")]
    public void A_section_must_be_closed(string template, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Template.Parse(template)).Message);

    [Fact]
    public void The_default_template_asks_for_nothing_that_is_not_there()
    {
        Assert.All(MessageTemplate.Default.Title.Names.Concat(MessageTemplate.Default.Body.Names), name => Assert.Contains(name, MessageTemplate.Names));
    }
}

using Omis.Agent.Rendering;

namespace Omis.Agent.Tests.Rendering;

public sealed class ScreenTests : IDisposable
{
    private readonly StringWriter text = new();

    public void Dispose() => text.Dispose();

    [Fact]
    public void What_is_written_meanwhile_appears_above_the_live_lines()
    {
        var screen = new Screen(text, isTerminal: true, colours: false, () => 80);

        screen.Live(["one", "two"]);
        screen.Line("log");
        screen.Live([]);

        Assert.Equal("one\ntwo\n" + "\e[2F\e[0Jlog\none\ntwo\n" + "\e[2F\e[0J", text.ToString());
    }

    [Fact]
    public void Without_live_lines_nothing_but_the_text_is_written()
    {
        new Screen(text, isTerminal: false, colours: false, () => 80).Line("log");

        Assert.Equal("log\n", text.ToString());
    }

    [Theory]
    [InlineData(true, "", "", true)]
    [InlineData(true, "1", "", false)]
    [InlineData(true, "", "dumb", false)]
    [InlineData(false, "", "", false)]
    public void Colours_are_for_terminals_where_nobody_minds_them(bool terminal, string noColor, string term, bool colours) =>
        Assert.Equal(colours, Terminals.Screen(text, terminal, new Dictionary<string, string> { ["NO_COLOR"] = noColor, ["TERM"] = term }).Colours);

    [Fact]
    public void A_table_has_colours_only_where_they_are_wanted()
    {
        var view = Look.Line("stuck", Look.Bad);

        Assert.Equal("stuck\n", Pages.Text(view));
        Assert.Matches("^\e\\[[0-9;]*mstuck\e\\[0m\n$", Pages.Text(view, 80, colours: true));
    }

    [Fact]
    public void Escape_sequences_of_others_do_not_reach_the_terminal() =>
        Assert.Equal("a b�[2Jc [red]d\n", Pages.Text(Look.Line("a\tb\e[2Jc [red]d")));

    [Fact]
    public void Only_the_last_column_is_broken_over_lines()
    {
        var table = Look.Table(["NAME", "WHY"], [[Look.Cell("shop/backend"), Look.Cell("it was not well at all today")]]);

        Assert.Equal(
            """
            NAME           WHY
            shop/backend   it was not well at all
                           today

            """, Pages.Text(table, width: 40));
    }
}

using Omis.Agent.Commands;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Commands;

public sealed class AnswerTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void What_goes_wrong_after_the_answer_is_no_second_document()
    {
        var answer = Answering(json: true);

        answer.Give(new ResumedDocument([]), Documents.Default.ResumedDocument, () => Look.Line("resumed"));
        answer.Fail("disk", "the disk is \"full\"");

        Assert.Equal("""{"resumed":[]}""" + "\n", output.ToString());
        Assert.Equal("omis-agent: the disk is \"full\"\n", error.ToString());
    }

    [Fact]
    public void Quotation_marks_and_arrows_stay_readable_and_lines_do_not_break()
    {
        Answering(json: true).Fail("fault", "it's \"bad\" → <b>\n");

        Assert.Equal("""{"error":{"code":"fault","detail":"it's \"bad\" → <b>\n"}}""" + "\n", output.ToString());
    }

    private Answer Answering(bool json) => new(
        new Surroundings
        {
            Out = Plain(output),
            Error = Plain(error),
            Environment = new Dictionary<string, string>(),
            User = "ann",
            Time = TimeProvider.System,
            Outside = new Outside((_, _, _, _) => throw new NotSupportedException(), (_, _, _, _) => new FakeRegistry()),
        },
        json);

    private static Screen Plain(StringWriter writer) => new(writer, isTerminal: false, colours: false, () => 80);
}

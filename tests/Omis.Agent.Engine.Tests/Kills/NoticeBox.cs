using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>
/// Someone who is told of every end of a rollout, and remembers what he has been told in this trial. Of refusals he is
/// not: the pauses and marks of a trial are refusals too, and each is told once as long as it stays.
/// </summary>
internal sealed class NoticeBox : IAsyncDisposable
{
    private readonly ChannelServer server;
    private int opened;
    private int ends;
    private int repeated;

    private NoticeBox(ChannelServer server) => this.server = server;

    public string Config => $$"""{ "notify": { "webhook": [ { "url": "{{server.Url}}", "on": ["committed", "reverted", "stuck", "failed"] } ] } }""";

    public static async Task<NoticeBox> OpenAsync() => new(await ChannelServer.StartAsync());

    /// <summary>What came before is of no trial.</summary>
    public void Begin() => opened = server.Posts.Length;

    /// <summary>
    /// Every end that history has was told, and no other. One may come twice where the agent died before it could note
    /// that it had arrived; its id is the same then, and tells.
    /// </summary>
    /// <param name="told">The ends since the last match: a rollout's id and its outcome each.</param>
    /// <param name="isWhole">False where history went with the database, and what was not sent yet with it.</param>
    public void Match(IReadOnlyCollection<string> told, bool isWhole)
    {
        var came = server.Posts[opened..].Select(posted => posted.Json).Select(notice => $"{notice.GetProperty("data").GetProperty("id")} {notice.GetProperty("data").GetProperty("outcome")}").ToList();
        opened += came.Count;
        told = [.. told.Where(end => !end.EndsWith(" refused", StringComparison.Ordinal))];
        if (isWhole)
        {
            Assert.Equal(told.Order(StringComparer.Ordinal), came.Distinct().Order(StringComparer.Ordinal));
        }

        ends += told.Count;
        repeated += came.Count - came.Distinct().Count();
    }

    public override string ToString() => $"{ends} ends told, {repeated} of them once more under the same id, none lost";

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

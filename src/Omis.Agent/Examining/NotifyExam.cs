using System.Collections.Immutable;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Omis.Agent.Notifiers;

namespace Omis.Agent.Examining;

/// <summary>Whether channels take notices. Only a message can tell, so one is sent where that is asked for.</summary>
internal sealed class NotifyExam(AgentSettings settings, NotifierKinds kinds, TimeProvider time)
{
    private const string Check = "notify";

    public async Task<ImmutableArray<Finding>> ExamineAsync(bool send, CancellationToken ct)
    {
        if (!send)
        {
            return [.. settings.Notify.Channels.Select(channel => Finding.Skipped(Check, channel.Name, "was not tried", "--send-test sends it a test notice"))];
        }

        using var poster = new Poster(time);
        var host = settings.Notify.Host ?? Environment.MachineName;
        var tools = new NotifierTools(poster, host, time);
        var message = new Wording(host, settings.Notify.Template, Secrets.Of(settings)).Of(new Notice.Test(Guid.NewGuid().ToString("N"), time.GetUtcNow()));
        return [.. await Task.WhenAll(settings.Notify.Channels.Select(channel => SendAsync(channel, kinds.Make(channel, tools), message, ct)))];
    }

    private static async Task<Finding> SendAsync(ChannelSettings channel, INotifier notifier, Message message, CancellationToken ct) =>
        await notifier.SendAsync(message, reference: null, ct) switch
        {
            Delivery.Away away => Finding.Failed(Check, channel.Name, $"does not take notices now: {away.Problem}", "see that this machine reaches it (firewall, HTTPS_PROXY) and that it works; notices are kept and tried again"),
            Delivery.Rejected rejected => Finding.Failed(Check, channel.Name, $"refuses the notice: {rejected.Problem}", $"see that its address and secret are current (notify.{channel.Kind})"),
            _ => Finding.Ok(Check, channel.Name, "took a test notice"),
        };
}

using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Sources;

/// <summary>One notice can mean several requests to an API, of which each is tried whatever became of the others.</summary>
internal static class Attempts
{
    public static async Task<Delivery> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return new Delivery.Accepted();
        }
        catch (ApiFaultException fault)
        {
            return fault.Delivery;
        }
    }

    /// <summary>What may pass is tried again, and all of them with it: what is done already is found then, and not done twice.</summary>
    public static Delivery AsOne(this List<Delivery> deliveries) =>
        deliveries.Find(delivery => delivery is Delivery.Away) ?? deliveries.Find(delivery => delivery is Delivery.Rejected) ?? new Delivery.Accepted();
}

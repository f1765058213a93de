using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Sources;

/// <summary>An API gave no answer that its caller could go on with.</summary>
internal sealed class ApiFaultException(Delivery delivery) : Exception("an API did not do as it was asked")
{
    public Delivery Delivery { get; } = delivery;

    public static ApiFaultException Odd() => new(new Delivery.Away("its answer is not as documented"));
}

using System.Runtime.CompilerServices;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>For what need not be shown on every engine: the legs in turn, but the same one for the same test each time.</summary>
internal static class OneLeg
{
    public static LabEngine For(string text) => Lab.Current.Engines[text.Sum(letter => letter) % Lab.Current.Engines.Count];

    public static LabEngine Mine([CallerMemberName] string test = "") => For(test);
}

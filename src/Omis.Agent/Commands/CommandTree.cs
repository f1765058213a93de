using System.CommandLine;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

/// <summary>All verbs, in the order in which help shows them.</summary>
internal static class CommandTree
{
    public static RootCommand Of(Surroundings around)
    {
        var root = new RootCommand("Keeps docker compose services at the images that their tags point to; an update that is not proven healthy is taken back whole.");
        root.Add(GlobalOptions.Config);
        root.Add(GlobalOptions.Json);
        root.Add(GlobalOptions.Verbose);
        Command quarantine = new("quarantine", "Show or clear the digests that failed here") { new QuarantineListVerb(around), new QuarantineClearVerb(around) };
        Command[] verbs =
        [
            new RunVerb(around), new CheckVerb(around), new PlanVerb(around), new UpdateVerb(around), new RollbackVerb(around), new CanRollbackVerb(around),
            new PinVerb(around), new UnpinVerb(around), new HistoryVerb(around), new StatusVerb(around),
            quarantine, new PauseVerb(around), new ResumeVerb(around), new ValidateVerb(around), new DoctorVerb(around), new SchemaVerb(around), new ImportVerb(around), new CompletionVerb(around), new ManVerb(around),
            .. Reserved.Verbs.Select(name => new ReservedVerb(name, around)),
        ];
        foreach (var verb in verbs)
        {
            root.Add(verb);
        }

        root.Options.OfType<VersionOption>().Single().Action = new ShowVersion(around.Out);
        return root;
    }
}

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>What long runs have to tell: a line each in the file that OMIS_FIGURES names, nothing where it names none.</summary>
internal static class Figures
{
    public static Task AddAsync(FormattableString line) =>
        Environment.GetEnvironmentVariable("OMIS_FIGURES") is { Length: > 0 } file
            ? File.AppendAllTextAsync(file, FormattableString.Invariant(line) + "\n")
            : Task.CompletedTask;
}

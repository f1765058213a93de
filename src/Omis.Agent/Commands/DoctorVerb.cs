using System.Collections.Immutable;
using System.CommandLine;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Examining;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class DoctorVerb : Verb
{
    private readonly Option<bool> sendTest = new("--send-test") { Description = "Also send a test notice through every channel" };

    public DoctorVerb(Surroundings around)
        : base("doctor", "Try what the service needs: engine, state, registries, disk, clock, channels; changes nothing", around) => Add(sendTest);

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var config = call.LoadConfig();
        var findings = config.Settings is null
            ? [.. ConfigExam.Errors(config), Finding.Skipped("engine", "all else", "was not tried", "the config first")]
            : await ExamineAsync(call, config, ct);
        var well = findings.All(finding => finding.State != FindingState.Failed);
        call.Answer.Give(new DiagnosisDocument(well, findings), Documents.Default.DiagnosisDocument, () => DoctorView.Of(findings));
        return config.Settings is null ? ExitCodes.Usage : well ? ExitCodes.Done : ExitCodes.Environment;
    }

    private async Task<ImmutableArray<Finding>> ExamineAsync(Invocation call, Configuration.ConfigResult config, CancellationToken ct)
    {
        using var memory = call.OpenMemoryForReading(config.Settings!);
        using var parts = call.Compose(config.Settings!, memory);
        using var doctor = new Doctor(config.Settings!, parts, memory, call.Around.Time);
        return await doctor.ExamineAsync(config, call.Parsed.GetValue(sendTest), ct);
    }
}

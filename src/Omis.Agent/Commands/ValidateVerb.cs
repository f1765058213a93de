using Omis.Agent.Configuration;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;
using Spectre.Console;

namespace Omis.Agent.Commands;

internal sealed class ValidateVerb(Surroundings around) : Verb("validate", "Show every error of the config at once", around)
{
    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var result = call.LoadConfig();
        call.Answer.Give(new ValidationDocument(result.Errors.IsEmpty, result.Errors, result.Warnings), Documents.Default.ValidationDocument, () => View(result));
        return Task.FromResult(result.Errors.IsEmpty ? ExitCodes.Done : ExitCodes.Usage);
    }

    private static Rows View(ConfigResult result) => new Rows(
    [
        .. result.Errors.Select(error => Look.Line($"error: {error}", Look.Bad)),
        .. result.Warnings.Select(warning => Look.Line($"warning: {warning}", Look.Warn)),
        result.Errors.IsEmpty
            ? Look.Line("configuration is valid", Look.Good)
            : Look.Line($"configuration is not valid: {Words.Count(result.Errors.Length, "error", "errors")}"),
    ]);
}

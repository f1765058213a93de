namespace Omis.Agent.Configuration.Shapes;

/// <summary>One pass over one config: what it draws on and what it has found.</summary>
internal sealed class Reading(IReadOnlyDictionary<string, string> environment, ConfigFolder folder)
{
    public IReadOnlyDictionary<string, string> Environment { get; } = environment;

    public ConfigFolder Folder { get; } = folder;

    public List<ConfigError> Errors { get; } = [];

    public List<ConfigWarning> Warnings { get; } = [];
}

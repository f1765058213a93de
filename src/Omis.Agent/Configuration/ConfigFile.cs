using Omis.Agent.Configuration.Shapes;

namespace Omis.Agent.Configuration;

/// <summary>Reads the config: JSON with comments and trailing commas, into settings or into all of its errors.</summary>
public static class ConfigFile
{
    /// <param name="path">The file that <c>--config</c> names; null for the default, which need not exist.</param>
    public static ConfigResult Load(string? path, IReadOnlyDictionary<string, string> environment)
    {
        var file = path ?? ConfigDefaults.Path;
        var text = BoundedFile.Read(file, BoundedFile.ConfigBytes);
        if (text.Bytes is null && !(path is null && text.Missing))
        {
            return new ConfigResult(null, [new ConfigError("", $"{file} {text.Fault}")], []);
        }

        return Parse(text.Bytes ?? "{}"u8.ToArray(), Path.GetDirectoryName(Path.GetFullPath(file))!, environment);
    }

    /// <param name="folder">Where the relative names of other files start.</param>
    public static ConfigResult Parse(ReadOnlyMemory<byte> json, string folder, IReadOnlyDictionary<string, string> environment)
    {
        using var document = ConfigText.Parse(json, out var error);
        if (document is null)
        {
            return new ConfigResult(null, [error!], []);
        }

        var reading = new Reading(environment, new ConfigFolder(folder, environment.GetValueOrDefault("CREDENTIALS_DIRECTORY")));
        var start = ConfigDefaults.Settings(reading);
        SettingsShape.Root.TryRead(new Found(reading, "", document.RootElement), start, out var settings);
        if (settings?.Engine.Endpoint is null)
        {
            reading.Errors.Add(new ConfigError("engine.endpoint", $"not given, and the environment variable DOCKER_HOST holds no address of an engine; expected {EngineAddress.Expected}"));
        }

        return new ConfigResult(reading.Errors.Count == 0 ? settings : null, [.. reading.Errors], [.. reading.Warnings]);
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using Omis.Agent.Configuration.Shapes;

namespace Omis.Agent.Configuration;

/// <summary>Reads the config: JSON with comments and trailing commas, into settings or into all of its errors.</summary>
public static class ConfigFile
{
    /// <param name="path">The file that <c>--config</c> names; null for the default, which need not exist.</param>
    public static ConfigResult Load(string? path, IReadOnlyDictionary<string, string> environment)
    {
        var file = path ?? ConfigDefaults.Path;
        var errors = new List<ConfigError>();
        var sources = new List<ConfigSource>();
        try
        {
            Add(file, mayBeMissing: path is null, sources, errors);
            foreach (var fragment in ConfigSource.FragmentsOf(file))
            {
                // One that goes between being listed and being read has been taken away.
                Add(fragment, mayBeMissing: true, sources, errors);
            }

            if (ConfigOverrides.Of(environment) is { } overrides)
            {
                sources.Add(overrides);
            }

            return errors.Count > 0 ? new ConfigResult(null, [.. errors], []) : Read(sources, Path.GetDirectoryName(Path.GetFullPath(file))!, environment);
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
    }

    /// <param name="folder">Where the relative names of other files start.</param>
    public static ConfigResult Parse(ReadOnlyMemory<byte> json, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var document = ConfigText.Parse(json, out var error);
        if (document is null)
        {
            return new ConfigResult(null, [error!], []);
        }

        using var source = new ConfigSource("", document);
        return Read([source], folder, environment);
    }

    /// <summary>Changes whenever the content of the file or of a fragment does, however it was put there.</summary>
    /// <param name="path">As for <see cref="Load"/>.</param>
    public static string Fingerprint(string? path)
    {
        var file = path ?? ConfigDefaults.Path;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var one in ConfigSource.FragmentsOf(file).Prepend(file))
        {
            var text = BoundedFile.Read(one, BoundedFile.ConfigBytes);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{one}\0{text.Bytes?.Length}\0{text.Fault}\0"));
            hash.AppendData(text.Bytes ?? []);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Add(string file, bool mayBeMissing, List<ConfigSource> sources, List<ConfigError> errors)
    {
        var text = BoundedFile.Read(file, BoundedFile.ConfigBytes);
        if (text.Bytes is null)
        {
            if (!(mayBeMissing && text.Missing))
            {
                errors.Add(new ConfigError("", $"{file} {text.Fault}"));
            }
        }
        else if (ConfigText.Parse(text.Bytes, out var error) is { } document)
        {
            sources.Add(new ConfigSource(file, document));
        }
        else
        {
            errors.Add(sources.Count > 0 ? error! with { Source = file } : error!);
        }
    }

    private static ConfigResult Read(List<ConfigSource> sources, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var roots = sources.Select(source => source.Document.RootElement).ToArray();
        var odd = sources.FirstOrDefault(source => source.Document.RootElement.ValueKind != JsonValueKind.Object);
        using var merged = ConfigMerge.Of(roots);
        var reading = new Reading(environment, new ConfigFolder(folder, environment.GetValueOrDefault("CREDENTIALS_DIRECTORY")));
        var start = ConfigDefaults.Settings(reading);
        SettingsShape.Root.TryRead(new Found(reading, "", (odd?.Document ?? merged).RootElement), start, out var settings);
        if (settings?.Engine.Endpoint is null)
        {
            reading.Errors.Add(new ConfigError("engine.endpoint", $"not given, and the environment variable DOCKER_HOST holds no address of an engine; expected {EngineAddress.Expected}"));
        }

        var errors = reading.Errors.Select(error => error with { Source = odd is null ? ConfigSource.NameOf(sources, error.Path) : sources.Count > 1 ? odd.Name : null });
        return new ConfigResult(reading.Errors.Count == 0 ? settings : null, [.. errors], [.. reading.Warnings]) { Unchecked = settings };
    }
}

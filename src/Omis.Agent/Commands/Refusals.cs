using Omis.Agent.Configuration;

namespace Omis.Agent.Commands;

/// <summary>The command line asks for something that is not there, or in words that do not parse.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The config has errors; none of it counts.</summary>
internal sealed class ConfigException(ConfigResult result) : Exception("the configuration is not valid")
{
    public ConfigResult Result { get; } = result;
}

/// <summary>The service is there, and its socket is not this user's to open. The message says whose it is.</summary>
internal sealed class ForbiddenException(string message) : Exception(message);

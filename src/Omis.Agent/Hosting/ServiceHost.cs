using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Hosting;

/// <summary>
/// The worker under systemd (Type=notify), under the Windows service manager, or in a console. No config file,
/// environment or content root is read here: the agent has its own.
/// </summary>
internal static class ServiceHost
{
    /// <summary>What may go on after the longest revert: stopping containers' logs, writing the journal.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <param name="workers">Stopped in the opposite order: what the last one has to say at its end, the first ones still hear.</param>
    public static IHost Build(ImmutableArray<BackgroundService> workers, AgentSettings settings, ILoggerFactory logging)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "omis-agent", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSystemd();
        builder.Services.AddWindowsService(options => options.ServiceName = "omis-agent");
        builder.Services.AddSingleton(logging);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout(settings));
        foreach (var worker in workers)
        {
            builder.Services.AddSingleton<IHostedService>(worker);
        }

        return builder.Build();
    }

    public static TimeSpan ShutdownTimeout(AgentSettings settings) =>
        settings.Projects.Values.Append(settings.Defaults).Max(project => project.RevertBudget) + Margin;
}

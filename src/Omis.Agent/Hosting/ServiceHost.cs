using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omis.Agent.Control;
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

    public static IHost Build(AgentWorker worker, ControlServer control, AgentSettings settings, ILoggerFactory logging)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "omis-agent", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSystemd();
        builder.Services.AddWindowsService(options => options.ServiceName = "omis-agent");
        builder.Services.AddSingleton(logging);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout(settings));
        builder.Services.AddHostedService(_ => worker);
        builder.Services.AddHostedService(_ => control);
        return builder.Build();
    }

    public static TimeSpan ShutdownTimeout(AgentSettings settings) =>
        settings.Projects.Values.Append(settings.Defaults).Max(project => project.RevertBudget) + Margin;
}

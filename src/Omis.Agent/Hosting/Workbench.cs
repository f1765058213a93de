using Omis.Agent.Core.Settings;

namespace Omis.Agent.Hosting;

/// <summary>
/// The parts that the settings in force make, shared by the pass and by those who only look meanwhile. Made anew once the
/// config has changed; the old ones are let go by the last who works with them.
/// </summary>
internal sealed class Workbench(LiveSettings settings, Func<AgentSettings, Composition> compose) : IDisposable
{
    private readonly Lock gate = new();
    private Shared? shared;

    public Place Take()
    {
        lock (gate)
        {
            if (shared is null || shared.Settings != settings.Current)
            {
                shared?.Leave();
                shared = null;
                var now = settings.Current;
                shared = new Shared(now, compose(now));
            }

            shared.Users++;
            return new Place(this, shared);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            shared?.Leave();
            shared = null;
        }
    }

    private void Leave(Shared left)
    {
        lock (gate)
        {
            left.Leave();
        }
    }

    /// <summary>At the bench, until disposed.</summary>
    internal sealed class Place(Workbench bench, Shared shared) : IDisposable
    {
        private bool left;

        public Composition Parts => shared.Parts;

        public void Dispose()
        {
            if (!left)
            {
                left = true;
                bench.Leave(shared);
            }
        }
    }

    /// <summary>The bench itself counts as one who works with them.</summary>
    internal sealed class Shared(AgentSettings settings, Composition parts)
    {
        public AgentSettings Settings => settings;

        public Composition Parts => parts;

        public int Users { get; set; } = 1;

        public void Leave()
        {
            if (--Users == 0)
            {
                parts.Dispose();
            }
        }
    }
}

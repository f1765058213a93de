using System.Collections.Concurrent;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Registries;

/// <summary>What was found inside indexes so far. A digest's content never changes, so an update that waits is looked into once and not in each cycle.</summary>
internal sealed class Insides
{
    /// <summary>A tag that moves every minute must not make us grow.</summary>
    private const int Most = 1024;

    private readonly ConcurrentDictionary<ImageReference, RegistryAnswer.Found> _known = new();

    public RegistryAnswer.Found? Of(ImageReference image) => _known.GetValueOrDefault(image);

    /// <returns>The same answer.</returns>
    public RegistryAnswer Keep(ImageReference image, RegistryAnswer answer)
    {
        if (answer is RegistryAnswer.Found found)
        {
            if (_known.Count >= Most)
            {
                _known.Clear();
            }

            _known[image] = found;
        }

        return answer;
    }
}

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>What is set up only half is taken down at once: no test would do it.</summary>
internal static class SetUp
{
    public static async Task<T> OrDisposeAsync<T>(this T it, Func<T, Task> setUp)
        where T : IAsyncDisposable
    {
        try
        {
            await setUp(it);
            return it;
        }
        catch
        {
            await it.DisposeAsync();
            throw;
        }
    }
}

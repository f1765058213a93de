namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Plain questions to what the containers serve.</summary>
public static class Http
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    public static async Task<string> TextAsync(Uri url) => (await Client.GetStringAsync(url)).Trim();

    public static async Task<int> StatusAsync(Uri url)
    {
        using var response = await Client.GetAsync(url);
        return (int)response.StatusCode;
    }

    /// <summary>Waits until the address answers with this.</summary>
    public static Task AnswersAsync(Uri url, string text, TimeSpan? limit = null) =>
        Eventually.BeAsync($"{url} answers '{text}'", async () => await TextAsync(url) == text, limit);
}

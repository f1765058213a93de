using System.Globalization;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>Debian's Prometheus beside the test, which scrapes one agent several times a second.</summary>
internal sealed class PrometheusProcess : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ChildProcess process;

    private PrometheusProcess(ChildProcess process, int port) => (this.process, http.BaseAddress) = (process, new Uri($"http://127.0.0.1:{port}"));

    public static async Task<PrometheusProcess> StartAsync(string tools, string folder, int agent, string token)
    {
        var (own, config) = (FreePort.Next(), Path.Combine(folder, "prometheus.yml"));
        await File.WriteAllTextAsync(Path.Combine(folder, "scrape-token"), token);
        await File.WriteAllTextAsync(config, $"""
            scrape_configs:
              - job_name: omis-agent
                scrape_interval: 500ms
                scrape_timeout: 500ms
                authorization:
                  credentials_file: {folder}/scrape-token
                static_configs:
                  - targets: ["127.0.0.1:{agent}"]
            """);
        var process = ChildProcess.Start(
            $"{tools}/prometheus",
            [$"--config.file={config}", $"--storage.tsdb.path={folder}/tsdb", $"--web.listen-address=127.0.0.1:{own}", "--log.level=warn"],
            new Dictionary<string, string?> { ["GOMAXPROCS"] = "1" },
            folder);
        return new PrometheusProcess(process, own);
    }

    /// <summary>Waits until it answers the query with this value.</summary>
    public async Task ShowsAsync(string query, double value)
    {
        try
        {
            await Eventually.BeAsync($"{query} is {value}", async () => await AskAsync(query) == value);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; last it was {await AskAsync(query)}\n{process.Errors}", late);
        }
    }

    public void Dispose()
    {
        process.Dispose();
        http.Dispose();
    }

    /// <returns>Null where there is no one series.</returns>
    private async Task<double?> AskAsync(string query)
    {
        try
        {
            var answer = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/v1/query?query=" + Uri.EscapeDataString(query), UriKind.Relative)))!;
            return answer["data"]!["result"]!.AsArray() is [{ } only] ? double.Parse(only["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Omis.Agent.Core.Naming;
using RestartPolicy = Omis.Agent.Core.Applying.RestartPolicy;
using Version = System.Version;

namespace Omis.Agent.Engine;

/// <param name="Name">Without its slash.</param>
public readonly record struct ListedContainer(string Id, string Name);

/// <summary>
/// What the agent asks of the engine, one call each. Containers and images are read and created as raw JSON, so that
/// fields no one here has heard of survive; the rest goes through the typed client.
/// </summary>
public sealed class EngineClient(EngineConnection connection)
{
    /// <summary>A call that only changes the engine's own records.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(30);

    /// <summary>A call that sets up or takes down a container's mounts and networks.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(2);

    public Task<Version> ApiVersionAsync(CancellationToken ct) =>
        connection.CallAsync("version", Quick, (session, _) => Task.FromResult(session.ApiVersion), ct);

    /// <summary>True where image IDs are manifest digests: Docker's containerd image store.</summary>
    public Task<bool> ContainerdImageStoreAsync(CancellationToken ct) =>
        connection.CallAsync("info", Quick, (session, _) => Task.FromResult(session.ContainerdImageStore), ct);

    /// <summary>What the engine pulls where nothing is said: <c>linux/amd64</c>.</summary>
    public Task<string> PlatformAsync(CancellationToken ct) =>
        connection.CallAsync("version", Quick, (session, _) => Task.FromResult(session.Platform), ct);

    /// <summary>Where the engine keeps its data, on its own machine; null where it does not say.</summary>
    public Task<string?> DataRootAsync(CancellationToken ct) =>
        connection.CallAsync("info", Quick, (session, _) => Task.FromResult(session.DataRoot), ct);

    /// <summary>All containers, running or not, that carry every given label (<c>key</c> or <c>key=value</c>).</summary>
    public Task<ImmutableArray<ListedContainer>> ListAsync(ImmutableArray<string> labels, CancellationToken ct) =>
        connection.CallAsync("list containers", Quick, async (session, token) =>
        {
            var filters = new Dictionary<string, IDictionary<string, bool>>();
            if (!labels.IsEmpty)
            {
                filters["label"] = labels.ToDictionary(label => label, _ => true);
            }

            var found = await session.Client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, token).ConfigureAwait(false);
            return found.Select(container => new ListedContainer(container.ID, OwnName(container.Names))).ToImmutableArray();
        }, ct);

    /// <returns>The container by id or name, or null where there is none.</returns>
    public Task<JsonObject?> InspectAsync(string idOrName, CancellationToken ct) =>
        ReadAsync($"inspect {Brief(idOrName)}", $"/containers/{Uri.EscapeDataString(idOrName)}/json", ct);

    /// <returns>The image by ID or reference, or null where there is none.</returns>
    public Task<JsonObject?> InspectImageAsync(string idOrReference, CancellationToken ct) =>
        ReadAsync($"inspect image {Brief(idOrReference)}", $"/images/{idOrReference}/json", ct);

    /// <returns>The new container's id.</returns>
    public async Task<string> CreateAsync(string name, JsonObject body, CancellationToken ct) =>
        (await SendAsync($"create {name}", "/containers/create?name=" + Uri.EscapeDataString(name), body, ct).ConfigureAwait(false))!["Id"]!.GetValue<string>();

    public Task ConnectAsync(string network, JsonObject body, CancellationToken ct) =>
        SendAsync($"connect to {network}", $"/networks/{Uri.EscapeDataString(network)}/connect", body, ct);

    public Task SetRestartPolicyAsync(string id, RestartPolicy policy, CancellationToken ct) =>
        SendAsync($"update {Brief(id)}", $"/containers/{id}/update", new JsonObject
        {
            ["RestartPolicy"] = new JsonObject { ["Name"] = policy.Name, ["MaximumRetryCount"] = policy.MaximumRetryCount },
        }, ct);

    public Task RenameAsync(string id, string name, CancellationToken ct) =>
        DoAsync($"rename {Brief(id)} to {name}", Quick, (session, token) => session.Client.Containers.RenameContainerAsync(id, new ContainerRenameParameters { NewName = name }, token), ct);

    public Task StartAsync(string id, CancellationToken ct) =>
        DoAsync($"start {Brief(id)}", Slow, (session, token) => session.Client.Containers.StartContainerAsync(id, null, token), ct);

    /// <summary>With the container's own stop signal and grace period, unless a signal is given.</summary>
    /// <param name="grace">The container's grace period, which bounds how long the answer may take.</param>
    /// <param name="within">True where the container's own grace period is to be cut to that.</param>
    public Task StopAsync(string id, TimeSpan grace, CancellationToken ct, bool within = false) =>
        DoAsync($"stop {Brief(id)}", grace + Slow, (session, token) => session.Client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = within ? (uint)grace.TotalSeconds : null }, token), ct);

    public Task KillAsync(string id, string signal, CancellationToken ct) =>
        DoAsync($"kill {Brief(id)}", Quick, (session, token) => session.Client.Containers.KillContainerAsync(id, new ContainerKillParameters { Signal = signal }, token), ct);

    public Task RestartAsync(string id, TimeSpan grace, CancellationToken ct) =>
        DoAsync($"restart {Brief(id)}", grace + Slow, (session, token) => session.Client.Containers.RestartContainerAsync(id, new ContainerRestartParameters(), token), ct);

    /// <summary>Named volumes always stay. Nothing happens where the container is gone.</summary>
    public Task RemoveAsync(string id, bool anonymousVolumes, CancellationToken ct) =>
        DoUnlessGoneAsync($"remove {Brief(id)}", (session, token) => session.Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = anonymousVolumes }, token), ct);

    /// <summary>Points a local tag at an image.</summary>
    public Task TagAsync(string imageId, string repository, string tag, CancellationToken ct) =>
        DoAsync($"tag {repository}:{tag}", Quick, (session, token) => session.Client.Images.TagImageAsync(imageId, new ImageTagParameters { RepositoryName = repository, Tag = tag }, token), ct);

    /// <summary>Takes one reference away, and the image with its last one. Where a container needs it, it stays.</summary>
    public async Task RemoveImageAsync(string reference, CancellationToken ct)
    {
        try
        {
            await DoUnlessGoneAsync($"remove image {reference}", (session, token) => session.Client.Images.DeleteImageAsync(reference, new ImageDeleteParameters(), token), ct).ConfigureAwait(false);
        }
        catch (EngineAnswerException inUse) when (inUse.Status == HttpStatusCode.Conflict)
        {
        }
    }

    /// <summary>The last lines that a container wrote, both streams.</summary>
    public Task<ImmutableArray<string>> LogTailAsync(string id, bool tty, int lines, CancellationToken ct) =>
        connection.CallAsync($"logs of {Brief(id)}", Quick, async (session, token) =>
        {
            var wanted = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = lines.ToString(CultureInfo.InvariantCulture) };
            using var stream = await session.Client.Containers.GetContainerLogsAsync(id, wanted, token).ConfigureAwait(false);
            var (output, errors) = await stream.ReadOutputToEndAsync(token).ConfigureAwait(false);
            return (output + errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')).TakeLast(lines).ToImmutableArray();
        }, ct);

    /// <returns>Whether someone had the engine signal the container between these moments of its clock.</returns>
    public Task<bool> WasSignalledAsync(string id, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        connection.CallAsync($"events of {Brief(id)}", Quick, async (session, token) =>
            await FirstEventAsync(session, id, "kill", Seconds(from), Seconds(to), token).ConfigureAwait(false) is not null, ct);

    /// <returns>The exit code of the container's first end, from the engine's own log of events; null where it no longer knows.</returns>
    /// <remarks>A container that restarts shows in its inspect only how it stands now. Source: Engine API, "Monitor events".</remarks>
    public Task<int?> FirstExitCodeAsync(string id, CancellationToken ct) =>
        connection.CallAsync($"events of {Brief(id)}", Quick, async (session, token) =>
        {
            var until = Seconds(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1));
            var first = await FirstEventAsync(session, id, "die", "0", until, token).ConfigureAwait(false);
            return int.TryParse(first?["Actor"]?["Attributes"]?["exitCode"].Text(), out var code) ? code : (int?)null;
        }, ct);

    /// <returns>The exit code of a command run in the container.</returns>
    public Task<int> ExecAsync(string id, ImmutableArray<string> command, TimeSpan limit, CancellationToken ct) =>
        ExecAsync(id, new JsonObject { ["Cmd"] = new JsonArray([.. command.Select(part => (JsonNode)part)]) }, limit, ct);

    /// <param name="body">Of the request that creates the exec. Source: Engine API, ContainerExec.</param>
    /// <returns>The exit code of the command.</returns>
    public async Task<int> ExecAsync(string id, JsonObject body, TimeSpan limit, CancellationToken ct)
    {
        (body["AttachStdout"], body["AttachStderr"]) = (true, true);
        var exec = (await SendAsync($"exec in {Brief(id)}", $"/containers/{id}/exec", body, ct).ConfigureAwait(false))!["Id"]!.GetValue<string>();
        // The answer ends when the command does; what it printed is of no interest.
        await connection.CallAsync($"exec in {Brief(id)}", limit, async (session, token) =>
        {
            using var content = new StringContent("""{"Detach":false,"Tty":false}""", Encoding.UTF8, "application/json");
            using var response = await session.Raw.PostAsync(new Uri(session.Path($"/exec/{exec}/start"), UriKind.Relative), content, token).ConfigureAwait(false);
            await response.Content.CopyToAsync(Stream.Null, token).ConfigureAwait(false);
            return true;
        }, ct).ConfigureAwait(false);
        return (await ReadAsync("exec result", $"/exec/{exec}/json", ct).ConfigureAwait(false))?["ExitCode"]?.GetValue<int>() ?? -1;
    }

    /// <summary>Brings an image here by digest. The messages are the engine's own progress.</summary>
    /// <param name="platform">Where it is another than the engine's own.</param>
    /// <param name="quiet">How long the engine may say nothing before the pull counts as hanging.</param>
    public Task PullAsync(string repository, string digest, string? platform, AuthConfig? auth, TimeSpan quiet, Action<JSONMessage> heard, CancellationToken ct) =>
        connection.CallAsync($"pull {repository}@{digest}", Timeout.InfiniteTimeSpan, async (session, token) =>
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(token);
            silence.CancelAfter(quiet);
            var last = new Dictionary<string, (string?, long?)>(StringComparer.Ordinal);
            var messages = new Listener(message =>
            {
                // The containerd store goes on repeating itself when a registry hangs; only news counts.
                var news = (message.Status, message.Progress?.Current);
                if (last.GetValueOrDefault(message.ID ?? "") != news)
                {
                    last[message.ID ?? ""] = news;
                    silence.CancelAfter(quiet);
                }

                heard(message);
            });
            try
            {
                await session.Client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = repository, Tag = digest, Platform = platform }, auth, messages, silence.Token).ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw new EngineAnswerException(HttpStatusCode.RequestTimeout, $"pull {repository}@{digest}: nothing heard for {Durations.Text(quiet)}");
            }
        }, ct);

    private static async Task<JsonNode?> FirstEventAsync(EngineSession session, string id, string action, string since, string until, CancellationToken ct)
    {
        var filters = Uri.EscapeDataString(new JsonObject { ["container"] = new JsonArray(id), ["event"] = new JsonArray(action) }.ToJsonString());
        using var response = await session.Raw.GetAsync(new Uri(session.Path($"/events?since={since}&until={until}&filters={filters}"), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false));
        return await lines.ReadLineAsync(ct).ConfigureAwait(false) is { } first ? JsonNode.Parse(first) : null;
    }

    /// <summary>As the engine takes moments: seconds, and nine digits of their fraction.</summary>
    private static string Seconds(DateTimeOffset moment) =>
        string.Create(CultureInfo.InvariantCulture, $"{moment.ToUnixTimeSeconds()}.{moment.UtcTicks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:000000000}");

    private Task<JsonObject?> ReadAsync(string what, string path, CancellationToken ct) =>
        connection.CallAsync(what, Quick, async (session, token) =>
        {
            using var response = await session.Raw.GetAsync(new Uri(session.Path(path), UriKind.Relative), token).ConfigureAwait(false);
            var body = await response.Content.ReadAsStringAsync(token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.NotFound ? null
                : response.IsSuccessStatusCode ? JsonNode.Parse(body) as JsonObject
                : throw EngineAnswerException.Of(what, response.StatusCode, body);
        }, ct);

    private Task<JsonNode?> SendAsync(string what, string path, JsonObject body, CancellationToken ct) =>
        connection.CallAsync(what, Slow, async (session, token) =>
        {
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await session.Raw.PostAsync(new Uri(session.Path(path), UriKind.Relative), content, token).ConfigureAwait(false);
            var answer = await response.Content.ReadAsStringAsync(token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? answer.Length == 0 ? null : JsonNode.Parse(answer)
                : throw EngineAnswerException.Of(what, response.StatusCode, answer);
        }, ct);

    private Task<bool> DoAsync(string what, TimeSpan limit, Func<EngineSession, CancellationToken, Task> call, CancellationToken ct) =>
        connection.CallAsync(what, limit, async (session, token) =>
        {
            await call(session, token).ConfigureAwait(false);
            return true;
        }, ct);

    private async Task DoUnlessGoneAsync(string what, Func<EngineSession, CancellationToken, Task> call, CancellationToken ct)
    {
        try
        {
            await DoAsync(what, Slow, call, ct).ConfigureAwait(false);
        }
        catch (EngineAnswerException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
        }
    }

    /// <summary>Others are the aliases that legacy links give it: <c>/OTHER/ALIAS</c>.</summary>
    private static string OwnName(IList<string>? names) =>
        names?.FirstOrDefault(name => name.LastIndexOf('/') == 0)?[1..] ?? "";

    private static string Brief(string id) => id.Length == 64 ? id[..12] : id;

    private sealed class Listener(Action<JSONMessage> heard) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => heard(value);
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>
/// GitHub's REST API as far as deployments, issues and apps go: it keeps what it is given, and refuses what the real one
/// refuses. Source: docs.github.com/rest, version 2022-11-28.
/// </summary>
internal sealed partial class GitHubServer : IAsyncDisposable
{
    public const string Installed = "ghs_installation-token-";

    private readonly List<JsonObject> deployments = [];
    private readonly List<JsonObject> issues = [];
    private readonly RSA key = RSA.Create(2048);
    private int given;

    private ChannelServer server = null!;

    public string Api => server.Url + "/api/v3";

    public IEnumerable<Posted> Posts => server.Posts;

    /// <summary>Requests as <c>METHOD path</c>, without the root and the query.</summary>
    public IEnumerable<string> Requests => Posts.Select(posted => $"{posted.Method} {posted.Target["/api/v3/".Length..].Split('?')[0]}");

    public IEnumerable<string> Writes => Requests.Where(request => request.StartsWith("POST", StringComparison.Ordinal) && !request.EndsWith("access_tokens", StringComparison.Ordinal));

    public IReadOnlyList<JsonObject> Deployments => deployments;

    public IReadOnlyList<JsonObject> Issues => issues;

    public HashSet<string> Commits { get; } = [SourceOf.One, SourceOf.Two];

    /// <summary>By repository, in lower case, as names are told apart there.</summary>
    public Dictionary<string, int> Installations { get; } = new() { ["acme/shop"] = 71, ["acme/tools"] = 71 };

    /// <summary>What is taken besides the app's own tokens.</summary>
    public string Token { get; set; } = Notifying.Planted;

    public HashSet<string> Ended { get; } = [];

    /// <summary>Looked at before each request: an answer of its own, or null.</summary>
    public Func<Posted, Reply?> Before { get; set; } = _ => null;

    /// <summary>Looked at after each request that was done: true where its answer is lost.</summary>
    public Func<Posted, bool> Loses { get; set; } = _ => false;

    public string PrivateKey => key.ExportRSAPrivateKeyPem();

    public static async Task<GitHubServer> StartAsync()
    {
        var github = new GitHubServer();
        github.server = await ChannelServer.StartAsync((posted, _) => github.Answer(posted));
        return github;
    }

    public IEnumerable<string?> States(int deployment = 0) => Statuses(deployments[deployment]).Select(status => status!["state"]!.GetValue<string>());

    public JsonObject Deployed(string rollout, string sha, string host, string project, string state, params string[] services)
    {
        var payload = new JsonObject { ["agent"] = "omis-agent", ["rollout"] = rollout, ["host"] = host, ["project"] = project, ["services"] = new JsonArray([.. services.Select(service => (JsonNode)service)]) };
        var one = Deployment(new JsonObject { ["ref"] = sha, ["environment"] = project, ["payload"] = payload }, "acme/shop");
        Statuses(one).Add(new JsonObject { ["state"] = state });
        deployments.Add(one);
        return one;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        key.Dispose();
    }

    private static JsonArray Statuses(JsonObject deployment) => deployment["_statuses"]!.AsArray();

    private Reply Answer(Posted posted)
    {
        lock (deployments)
        {
            var reply = Before(posted) ?? Judge(posted);
            return reply.Status < 300 && Loses(posted) ? new Reply(0) : reply;
        }
    }

    private Reply Judge(Posted posted)
    {
        if (posted.Header("Accept") != "application/vnd.github+json" || posted.Header("X-GitHub-Api-Version") != "2022-11-28")
        {
            return new Reply(415);
        }

        if (string.IsNullOrEmpty(posted.Header("User-Agent")))
        {
            return new Reply(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header");
        }

        var (path, query) = (posted.Target.Split('?')[0]["/api/v3/".Length..], HttpUtility.ParseQueryString(posted.Target.Contains('?', StringComparison.Ordinal) ? posted.Target.Split('?')[1] : ""));
        var bearer = posted.Header("Authorization")?.Split(' ') is ["Bearer", var token] ? token : "";
        if (path == "app" || path.EndsWith("/installation", StringComparison.Ordinal) || path.EndsWith("/access_tokens", StringComparison.Ordinal))
        {
            return IsApp(bearer) ? AsApp(path) : Problem(401, "A JSON web token could not be decoded");
        }

        return bearer.Length == 0 || Ended.Contains(bearer) || (bearer != Token && !bearer.StartsWith(Installed, StringComparison.Ordinal)) ? Problem(401, "Bad credentials")
            : path == "rate_limit" ? new Reply(Body: """{"rate":{"limit":5000}}""")
            : Repository().Match(path) is { Success: true } match ? InRepository(posted, match.Groups["name"].Value, match.Groups["rest"].Value, query)
            : Problem(404, "Not Found");
    }

    private Reply AsApp(string path)
    {
        if (path == "app")
        {
            return new Reply(Body: """{"id":4711}""");
        }

        if (Repository().Match(path) is { Success: true } match)
        {
            return Installations.TryGetValue(match.Groups["name"].Value, out var id) ? new Reply(Body: $$"""{"id":{{id}}}""") : Problem(404, "Not Found");
        }

        return Installations.ContainsValue(int.Parse(path.Split('/')[2], CultureInfo.InvariantCulture))
            ? new Reply(201, $$"""{"token":"{{Installed}}{{++given}}","expires_at":"{{Some.Moment.AddHours(given):yyyy-MM-ddTHH:mm:ssZ}}"}""")
            : Problem(404, "Not Found");
    }

    /// <summary>RS256, of the app, not older than ten minutes and no longer than ten minutes to come.</summary>
    private bool IsApp(string jwt)
    {
        if (jwt.Split('.') is not [var header, var claims, var signature]
            || !key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return false;
        }

        var (head, said) = (JsonDocument.Parse(Base64Url.DecodeFromChars(header)).RootElement, JsonDocument.Parse(Base64Url.DecodeFromChars(claims)).RootElement);
        var (issued, ends) = (said.GetProperty("iat").GetInt64(), said.GetProperty("exp").GetInt64());
        return head.GetProperty("alg").GetString() == "RS256" && said.GetProperty("iss").GetString() == "4711" && issued < ends && ends - issued <= 600;
    }

    private Reply InRepository(Posted posted, string repository, string path, System.Collections.Specialized.NameValueCollection query)
    {
        if (!Installations.ContainsKey(repository))
        {
            return Problem(404, "Not Found");
        }

        return (posted.Method, path.Split('/')) switch
        {
            ("GET", ["deployments"]) => List(deployments.Where(one => one["_repository"]!.GetValue<string>() == repository && Fits(one, query, "sha") && Fits(one, query, "environment") && Fits(one, query, "task")), query),
            ("POST", ["deployments"]) => Create(posted, repository),
            ("GET", ["deployments", var id, "statuses"]) when Find(id) is { } one => List(Statuses(one).OfType<JsonObject>(), query),
            ("POST", ["deployments", var id, "statuses"]) when Find(id) is { } one => SetStatus(posted, one),
            ("GET", ["issues"]) when query["state"] == "all" && query["since"] is not null => List(issues.Where(one => one["_repository"]!.GetValue<string>() == repository), query),
            ("POST", ["issues"]) => OpenIssue(posted, repository),
            _ => Problem(404, "Not Found"),
        };
    }

    private Reply Create(Posted posted, string repository)
    {
        var body = JsonNode.Parse(posted.Body)!.AsObject();
        var right = body["ref"]?.GetValue<string>() is { Length: > 0 } && body["auto_merge"]?.GetValue<bool>() is false && body["required_contexts"] is JsonArray { Count: 0 }
            && body["environment"]?.GetValue<string>() is { Length: > 0 and <= 255 } && body["description"]?.GetValue<string>() is { Length: <= 140 }
            && body["payload"] is JsonObject && body["transient_environment"]?.GetValueKind() == JsonValueKind.False && body["production_environment"]?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;
        if (!right || !Commits.Contains(body["ref"]!.GetValue<string>()))
        {
            return Problem(422, "No ref found for: " + body["ref"]);
        }

        var one = Deployment(body, repository);
        deployments.Add(one);
        return new Reply(201, one.ToJsonString());
    }

    private JsonObject Deployment(JsonObject body, string repository) => new()
    {
        ["id"] = 1000 + deployments.Count,
        ["ref"] = body["ref"]!.DeepClone(),
        ["sha"] = body["ref"]!.DeepClone(),
        ["task"] = body["task"]?.DeepClone() ?? "deploy",
        ["environment"] = body["environment"]!.DeepClone(),

        // Both shapes that the documentation has: every second one as a text.
        ["payload"] = deployments.Count % 2 == 0 ? body["payload"]!.DeepClone() : body["payload"]!.ToJsonString(),
        ["production_environment"] = body["production_environment"]?.DeepClone(),
        ["description"] = body["description"]?.DeepClone(),
        ["_repository"] = repository,
        ["_statuses"] = new JsonArray(),
    };

    private static Reply SetStatus(Posted posted, JsonObject one)
    {
        var body = JsonNode.Parse(posted.Body)!.AsObject();
        var right = body["state"]?.GetValue<string>() is "error" or "failure" or "inactive" or "in_progress" or "queued" or "pending" or "success"
            && body["description"]?.GetValue<string>() is { Length: > 0 and <= 140 }
            && (body["log_url"] is not { } url || (Uri.TryCreate(url.GetValue<string>(), UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"));
        if (!right)
        {
            return Problem(422, "Validation Failed");
        }

        Statuses(one).Add(body);
        return new Reply(201, body.ToJsonString());
    }

    private Reply OpenIssue(Posted posted, string repository)
    {
        var body = JsonNode.Parse(posted.Body)!.AsObject();
        if (body["title"]?.GetValue<string>() is not { Length: > 0 and <= 256 } || body["body"]?.GetValue<string>() is not { Length: <= 65_536 })
        {
            return Problem(422, "Validation Failed");
        }

        body["_repository"] = repository;
        body["number"] = issues.Count + 1;
        issues.Add(body);
        return new Reply(201, body.ToJsonString());
    }

    private JsonObject? Find(string id) => deployments.FirstOrDefault(one => one["id"]!.ToString() == id);

    private static bool Fits(JsonObject one, System.Collections.Specialized.NameValueCollection query, string name) => query[name] is not { } wanted || one[name]!.GetValue<string>() == wanted;

    /// <summary>The newest first.</summary>
    private static Reply List(IEnumerable<JsonObject> all, System.Collections.Specialized.NameValueCollection query)
    {
        var (size, page) = (int.Parse(query["per_page"] ?? "30", CultureInfo.InvariantCulture), int.Parse(query["page"] ?? "1", CultureInfo.InvariantCulture));
        return size is < 1 or > 100 ? Problem(422, "per_page") : new Reply(Body: new JsonArray([.. all.Reverse().Skip((page - 1) * size).Take(size).Select(one => one.DeepClone())]).ToJsonString());
    }

    private static Reply Problem(int status, string message) => new(status, new JsonObject { ["message"] = message }.ToJsonString());

    [GeneratedRegex("^repos/(?<name>[^/]+/[^/]+)/(?<rest>.+)$")]
    private static partial Regex Repository();
}

/// <summary>Commits for tests.</summary>
internal static class SourceOf
{
    public const string One = "1111111111111111111111111111111111111111";
    public const string Two = "2222222222222222222222222222222222222222";
}

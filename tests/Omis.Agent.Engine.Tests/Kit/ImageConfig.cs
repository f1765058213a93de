using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>The JSON that engines read an image's defaults from. What is not set is left out, as builders do.</summary>
internal static class ImageConfig
{
    public static JsonObject Of(TestImage image, string platform, IEnumerable<Layer> layers) => new()
    {
        ["created"] = "2020-01-01T00:00:00Z",
        ["author"] = image.Author,
        ["os"] = platform.Split('/')[0],
        ["architecture"] = platform.Split('/')[1],
        ["config"] = Defaults(image),
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = Array(layers.Select(layer => layer.DiffId)) },
    };

    private static JsonObject Defaults(TestImage image)
    {
        var config = new JsonObject();
        Set("Entrypoint", image.Entrypoint.IsEmpty ? null : Array(image.Entrypoint));
        Set("Cmd", image.Cmd.IsEmpty ? null : Array(image.Cmd));
        Set("Env", image.Env.IsEmpty ? null : Array(image.Env));
        Set("User", image.User is "" ? null : image.User);
        Set("WorkingDir", image.WorkingDir is "" ? null : image.WorkingDir);
        Set("StopSignal", image.StopSignal is "" ? null : image.StopSignal);
        Set("Volumes", image.Volumes.IsEmpty ? null : Keys(image.Volumes));
        Set("ExposedPorts", image.ExposedPorts.IsEmpty ? null : Keys(image.ExposedPorts));
        Set("Labels", image.Labels.IsEmpty ? null : new JsonObject(image.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))));
        Set("Healthcheck", image.Health is { } health ? Check(health) : null);
        return config;

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                config[name] = value;
            }
        }
    }

    private static JsonObject Check(HealthCheck health) => new()
    {
        ["Test"] = Array(health.Command.Prepend("CMD")),
        ["Interval"] = Nanoseconds(health.Interval),
        ["Timeout"] = Nanoseconds(health.Timeout),
        ["StartPeriod"] = Nanoseconds(health.StartPeriod),
        ["Retries"] = health.Retries,
    };

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Keys(IEnumerable<string> names) =>
        new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject())));
}

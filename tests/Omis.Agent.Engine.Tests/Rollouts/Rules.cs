namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>Configs that do not make a test wait longer than it must.</summary>
internal static class Rules
{
    public const string Quick = """{ "defaults": { "healthy": { "stableFor": "1s", "deadline": "15s" } } }""";

    /// <summary>For updates that use up their deadline before they go back.</summary>
    public const string Short = """{ "defaults": { "healthy": { "stableFor": "1s", "deadline": "5s" } } }""";

    /// <summary>The short rules and more for one service.</summary>
    /// <param name="service">What stands in the service's object.</param>
    public static string For(ComposeStack stack, string name, string service, string deadline = "5s") => $$"""
        {
          "defaults": { "healthy": { "stableFor": "1s", "deadline": "{{deadline}}" } },
          "projects": { "{{stack.Prefix}}": { "services": { "{{name}}": { {{service}} } } } }
        }
        """;
}

namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>Calls `tests/lab/lab`, for what one test needs to itself.</summary>
internal static class LabScript
{
    private static string Path { get; } = Find();

    /// <returns>The last line that it said.</returns>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync(TimeSpan.FromMinutes(3), arguments);

    public static async Task<string> RunAsync(TimeSpan limit, params string[] arguments)
    {
        using var run = ChildProcess.Start(Path, arguments, new Dictionary<string, string?>(), "/");
        var result = (await run.EndAsync(limit)).OrThrow();
        return result.Output.Trim().Split('\n')[^1];
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = System.IO.Path.Combine(folder.FullName, "tests", "lab", "lab");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new FileNotFoundException("tests/lab/lab is not above " + AppContext.BaseDirectory);
    }
}

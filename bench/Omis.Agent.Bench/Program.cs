using Omis.Agent.Bench;
using Omis.Agent.Engine.Tests.Kit;

var options = BenchOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

var met = true;
foreach (var engine in options.Legs.Select(Lab.Current.Engine))
{
    Report.Title(engine.ToString());
    foreach (var part in options.Parts)
    {
        met &= await part(engine, options);
    }
}

return met ? 0 : 1;

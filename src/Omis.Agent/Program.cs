using Omis.Agent.Commands;
using Omis.Agent.Hosting;

var around = Surroundings.OfThisProcess();
using var stopping = around.Stopping;
stopping.Listen();
return await CommandLine.RunAsync(args, around);

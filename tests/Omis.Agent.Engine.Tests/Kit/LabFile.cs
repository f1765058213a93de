namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>What `tests/lab/lab up` wrote about the lab that it brought up.</summary>
public sealed record LabFile(
    IReadOnlyList<EngineFacts> Engines,
    IReadOnlyList<SkippedLeg> Skipped,
    IReadOnlyList<ComposeBinary> Compose,
    RegistryFacts Registry,
    string Busybox);

/// <param name="ImageStore">"classic" (an image's id is its config's digest) or "containerd" (it is the manifest's).</param>
public sealed record EngineFacts(string Leg, string Socket, string Version, string ApiVersion, string MinApiVersion, string ImageStore, string Docker);

public sealed record SkippedLeg(string Leg, string Reason);

public sealed record ComposeBinary(string Version, string Path);

/// <param name="ConfigFile">Of which the registry's storage is told.</param>
public sealed record RegistryFacts(string Address, string AccessLog, string ConfigFile, string Binary);

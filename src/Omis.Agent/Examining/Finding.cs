namespace Omis.Agent.Examining;

/// <summary>One thing that was tried, and what to do where it did not work.</summary>
/// <param name="Check">What kind of thing: <c>config</c>, <c>engine</c>, <c>state</c>, <c>log</c>, <c>registry</c>, <c>disk</c>, <c>clock</c>, <c>notify</c>.</param>
/// <param name="Subject">Which one of them; never a secret.</param>
/// <param name="Remedy">What a person can do; null where all is well.</param>
internal sealed record Finding(string Check, string Subject, FindingState State, string Detail, string? Remedy = null)
{
    public static Finding Ok(string check, string subject, string detail) => new(check, subject, FindingState.Ok, detail);

    public static Finding Warning(string check, string subject, string detail, string remedy) => new(check, subject, FindingState.Warning, detail, remedy);

    public static Finding Failed(string check, string subject, string detail, string remedy) => new(check, subject, FindingState.Failed, detail, remedy);

    /// <param name="remedy">What has to be right first, or what would have it tried.</param>
    public static Finding Skipped(string check, string subject, string detail, string remedy) => new(check, subject, FindingState.Skipped, detail, remedy);
}

internal enum FindingState
{
    Ok,

    /// <summary>The service works, but not as one would expect.</summary>
    Warning,

    /// <summary>The service cannot do its work, or a part of it.</summary>
    Failed,

    /// <summary>It was not tried.</summary>
    Skipped,
}

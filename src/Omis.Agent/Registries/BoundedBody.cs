namespace Omis.Agent.Registries;

/// <summary>Reads an answer's body as it is on the wire, and no more of it than is sensible.</summary>
internal static class BoundedBody
{
    /// <exception cref="RegistryFaultException">It is longer.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int most, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var block = new byte[16 * 1024];
        while (await stream.ReadAsync(block, ct) is > 0 and var read)
        {
            body.Write(block, 0, read);
            if (body.Length > most)
            {
                throw new RegistryFaultException($"{response.RequestMessage?.RequestUri?.Authority} answered with more than {most >> 20} MiB");
            }
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}

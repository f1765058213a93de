using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Omis.Agent.Core.Naming;
using Omis.Agent.Registries.Credentials;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

/// <summary>Docker's helper protocol, against programs that keep and break it.</summary>
public sealed class CredentialHelperTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("omis-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_server_goes_to_standard_input_and_get_is_the_only_argument()
    {
        Helper("""echo "$#:$@" > "$0.arguments"; cat > "$0.input"; echo '{"ServerURL":"a.io","Username":"ci","Secret":"s3cret"}'""");

        Assert.Equal(new RegistryCredential.Basic("ci", "s3cret"), await Ask());

        Assert.Equal("1:get\n", await Kept("arguments"));
        Assert.Equal("a.io\n", await Kept("input"));
    }

    [Fact]
    public async Task The_user_token_stands_for_an_identity_token()
    {
        Helper("""cat > /dev/null; echo '{"ServerURL":"a.io","Username":"<token>","Secret":"refresh"}'""");
        Assert.Equal(new RegistryCredential.IdentityToken("refresh"), await Ask());
    }

    [Theory]
    [InlineData("""cat > /dev/null; echo "credentials not found in native keychain"; exit 1""")]
    [InlineData("""echo '{"ServerURL":"","Username":"","Secret":""}'""")]
    [InlineData("""echo '{}'""")]
    public async Task A_helper_without_a_login_has_none(string body)
    {
        Helper(body);
        Assert.Null(await Ask());
    }

    [Theory]
    [InlineData("echo planted-words; echo planted-noise >&2; exit 3", "failed with exit code 3")]
    [InlineData("echo planted-words", "did not answer with the JSON of a login")]
    [InlineData("echo '[1]'", "did not answer with the JSON of a login")]
    [InlineData("echo null", "did not answer with the JSON of a login")]
    [InlineData("exit 0", "did not answer with the JSON of a login")]
    [InlineData("cat /dev/zero", "answered with more than 256 KiB")]
    public async Task A_helper_that_fails_is_told_of_and_never_quoted(string body, string said)
    {
        Helper(body);

        var fault = await Assert.ThrowsAsync<EnvironmentException>(Ask);

        Assert.Equal(ReasonCode.RegistryUnauthorized, fault.Code);
        Assert.Equal($"docker-credential-fake, which docker's config.json names for a.io, {said}", fault.Message);
    }

    [Fact]
    public async Task Much_noise_on_standard_error_stops_no_helper()
    {
        Helper("""head -c 1000000 /dev/zero >&2; echo '{"Username":"ci","Secret":"s3cret"}'""");
        Assert.Equal(new RegistryCredential.Basic("ci", "s3cret"), await Ask());
    }

    [Fact]
    public async Task A_helper_that_does_not_end_is_ended_with_all_it_started()
    {
        Helper("""sleep 1000 & echo $! > "$0.child"; echo $$ > "$0.pid"; wait""");

        var fault = await Assert.ThrowsAsync<EnvironmentException>(() => Ask(TimeSpan.FromSeconds(1)));

        Assert.Contains("did not answer within 1 s", fault.Message, StringComparison.Ordinal);
        await GoneAsync(await Kept("pid"));
        await GoneAsync(await Kept("child"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../fake")]
    [InlineData("a/b")]
    [InlineData("fake get")]
    [InlineData("missing")]
    public async Task Only_a_program_on_the_path_by_its_plain_name_is_started(string helper)
    {
        Helper("echo '{}'");
        var fault = await Assert.ThrowsAsync<EnvironmentException>(() => new CredentialHelper(() => _folder, TimeSpan.FromSeconds(20), TimeProvider.System).AskAsync(helper, "a.io"));
        Assert.Contains("is no program on the agent's PATH", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_we_are_in_is_no_part_of_a_path()
    {
        Helper("echo '{}'");
        Assert.Null(HelperPath.Find("fake", $":.:relative:{Path.GetRelativePath(Environment.CurrentDirectory, _folder)}"));
        Assert.Equal(Path.Combine(_folder, "docker-credential-fake"), HelperPath.Find("fake", $"/nowhere::{_folder}"));
    }

    [Fact]
    public void No_output_makes_it_throw() =>
        Gen.OneOf("{", "}", "\"Username\"", "\"Secret\"", "\"ServerURL\"", ":", ",", "\"<token>\"", "\"x\"", "null", "[", "]", "\"\\ud800\"", "1", "\0", "\u00ff")
            .Array[0, 20].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)))
            .Sample(output => { HelperAnswer.Read(output); HelperAnswer.IsNone(output); }, iter: 20_000);

    private void Helper(string body) => Script.Write(_folder, "docker-credential-fake", body);

    private Task<string> Kept(string what) => File.ReadAllTextAsync(Path.Combine(_folder, "docker-credential-fake." + what), Ct);

    private Task<RegistryCredential?> Ask() => Ask(TimeSpan.FromSeconds(20));

    private Task<RegistryCredential?> Ask(TimeSpan timeout) =>
        new CredentialHelper(() => $"{_folder}:/usr/bin:/bin", timeout, TimeProvider.System).AskAsync("fake", "a.io");

    /// <summary>A killed process may still be a line in the process table until its parent has looked at it.</summary>
    private static async Task GoneAsync(string pid)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
            await process.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct);
        }
        catch (ArgumentException)
        {
            // There is none.
        }
    }
}

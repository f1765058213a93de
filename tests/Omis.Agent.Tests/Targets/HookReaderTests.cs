using System.Collections.Immutable;
using Omis.Agent.Targets.Compose.Hooks;

namespace Omis.Agent.Tests.Targets;

public sealed class HookReaderTests
{
    [Theory]
    [InlineData("command: [a, 'b c', $$HOME]", "a|b c|$HOME")]
    [InlineData("command: a 'b c' \"d\\\"e\" f\\ g ''", "a|b c|d\"e|f g|")]
    public void A_command_is_a_list_or_is_split_as_compose_does(string command, string words) =>
        Assert.Equal(words, string.Join('|', Read($"services: {{ web: {{ post_start: [ {{ {command} }} ] }} }}").PostStart.Single().Command));

    [Fact]
    public void A_hook_has_what_the_file_says_and_merged_maps_count()
    {
        var hooks = Read("""
            x-common: &common
              pre_stop:
                - { command: [bye], user: "7", privileged: true, working_dir: /w, environment: { A: 1 } }
            services:
              web:
                <<: *common
                post_start:
                  - command: [hello]
                    environment: [B=2]
            """);
        Assert.Equal(("7", true, "/w", "A=1"), hooks.PreStop.Select(hook => (hook.User, hook.Privileged, hook.WorkingDirectory, hook.Environment.Single())).Single());
        Assert.Equal("B=2", hooks.PostStart.Single().Environment.Single());
        Assert.Null(hooks.Unclear);
    }

    [Fact]
    public void Later_files_add_their_hooks_and_other_services_do_not()
    {
        var hooks = Read("services: { web: { post_start: [ { command: [one] } ] }, db: { post_start: [ { command: [not mine] } ] } }", "services: { web: { post_start: [ { command: [two] } ] } }");
        Assert.Equal(["one", "two"], hooks.PostStart.Select(hook => hook.Command.Single()));
    }

    [Theory]
    [InlineData("services: { web: { post_start: [ { command: [a, $HOME] } ] } }", "variable")]
    [InlineData("services: { web: { post_start: [ { command: [a], retries: 3 } ] } }", "keys that are not understood")]
    [InlineData("services: { web: { post_start: { command: [a] } } }", "not a list")]
    [InlineData("services: { web: { post_start: [ { user: root } ] } }", "no command")]
    [InlineData("services: { web: { extends: base }, base: { pre_stop: [ { command: [a] } ] } }", "extends")]
    [InlineData("services: { web: { extends: { service: mid } }, mid: { extends: base }, base: { pre_stop: [ { command: [a] } ] } }", "extends")]
    [InlineData("services: { web: { extends: { file: gone.yml, service: mid } }, other: { pre_stop: [ { command: [a] } ] } }", "extends")]
    [InlineData("services: { web: { post_start: [ } ", "")]
    public void What_only_compose_can_read_is_not_guessed(string file, string why)
    {
        var hooks = Read(file);
        Assert.Contains(why, hooks.Unclear, StringComparison.Ordinal);
        Assert.Empty(hooks.PostStart);
    }

    [Theory]
    [InlineData("services: { web: { extends: base }, base: { image: b }, other: { pre_stop: [ { command: [a] } ] } }")]
    [InlineData("services: { web: { image: a, command: \"$HOME\" } }")]
    [InlineData("")]
    public void A_service_without_hooks_has_none(string file)
    {
        var hooks = Read(file);
        Assert.True(hooks is { Unclear: null, PostStart: [], PreStop: [] }, hooks.Unclear);
    }

    [Theory]
    [InlineData("include: [a.yml, { path: [b.yml, sub/c.yml] }, { path: /d.yml }]", "/opt/a.yml /opt/b.yml /opt/sub/c.yml /d.yml")]
    [InlineData("services: { web: { extends: { file: base.yml, service: x } }, db: { extends: web } }", "/opt/base.yml")]
    [InlineData("include: {", "")]
    [InlineData("services: { web: { image: a } }", "")]
    public void Files_that_a_file_brings_in_are_known(string file, string others) =>
        Assert.Equal(others, string.Join(' ', ReferredFiles.Of(file, "/opt")));

    private static ServiceHooks Read(params ImmutableArray<string> files) => HookReader.Read(files, "web");
}

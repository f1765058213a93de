namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>One compose file with a service for each thing that a recreation can lose. All run the same image.</summary>
internal static class ComposeTable
{
    /// <param name="isCurrent">False for compose 2.26 or engines before API 1.44, which lack some of it.</param>
    /// <param name="hasOwners">False where the engine's build cannot look up owners for what is copied in.</param>
    public static string Of(ComposeStack stack, bool isCurrent, bool hasOwners) => "services:\n" + string.Concat(Rows(stack, isCurrent, hasOwners).Select(row => $"  {row.Name}:\n    image: {stack.Image("app")}\n{Indented(row.Yaml)}")) + $$"""
        networks:
          one:
            enable_ipv6: true
            ipam: { config: [ { subnet: {{Subnet(stack, 0)}}.0/24 }, { subnet: "fd00:{{Subnet(stack, 0).Replace('.', ':')}}::/64" } ] }
          two:
            ipam: { config: [ { subnet: {{Subnet(stack, 1)}}.0/24 } ] }
          three: {}
        volumes: { data: {} }
        configs:
          inline: { content: "a = 1\n" }
          owned: { content: "b = 2\n" }
          filed: { file: ./filed }
        secrets:
          token: { environment: "OMIS_TEST_TOKEN" }
          filed: { file: ./filed }

        """;

    /// <summary>Of 10.64.0.0/10 two networks of its own for each stack, told by its name.</summary>
    public static string Subnet(ComposeStack stack, int which)
    {
        var seed = stack.Prefix.Sum(letter => letter * 7) + Convert.ToInt32(stack.Prefix[^4..], 16);
        return $"10.{64 + (seed % 60)}.{(seed / 60 % 120 * 2) + which}";
    }

    private static IEnumerable<(string Name, string Yaml)> Rows(ComposeStack stack, bool isCurrent, bool hasOwners)
    {
        yield return ("plain", "{}");
        yield return ("values", """
            environment: { KEPT: same, CHANGED: mine, EMPTY: "", OWN: "a b" }
            labels: { image.version: mine, own: "yes" }
            user: "2000:2001"
            working_dir: /mine
            stop_signal: SIGINT
            stop_grace_period: 3s
            expose: ["99"]
            hostname: named
            domainname: example.test
            tty: true
            stdin_open: true
            """);
        yield return ("command", "command: [mine]");
        yield return ("entrypoint", "entrypoint: [/bin/run, mine]");
        yield return ("both", "entrypoint: [/bin/run]\ncommand: [mine, too]");
        yield return ("unchecked", "healthcheck: { disable: true }");
        yield return ("checked", "healthcheck: { test: [CMD, /bin/true], interval: 400ms, start_period: 1s, retries: 4 }");
        yield return ("networks", $$"""
            networks:
              one: { aliases: [here, there], ipv4_address: {{Subnet(stack, 0)}}.77, ipv6_address: "fd00:{{Subnet(stack, 0).Replace('.', ':')}}::77", priority: 10 }
              two: { aliases: [elsewhere], link_local_ips: ["169.254.7.7"]{{(isCurrent ? ", driver_opts: { com.docker.network.endpoint.sysctls: \"net.ipv4.conf.IFNAME.log_martians=1\" }" : "")}} }
              three: {}
            extra_hosts: ["somewhere:10.1.2.3"]
            dns: [10.9.9.9]
            dns_search: [example.test]
            dns_opt: ["ndots:2"]
            """);
        yield return ("hardware", "mac_address: \"02:42:ac:11:77:01\"\nnetworks: [three]");
        yield return ("host", "network_mode: host\nuts: host");
        yield return ("none", "network_mode: none");
        yield return ("beside", "network_mode: \"service:networks\"\npid: \"service:plain\"\nipc: \"service:sharing\"");
        yield return ("behind", "network_mode: \"service:beside\"");
        yield return ("sharing", "ipc: shareable\nshm_size: 8m");
        yield return ("linked", "links: [\"plain:friend\"]");
        yield return ("volumes", """
            volumes:
              - /anonymous
              - data:/data
              - ./filed:/filed:ro
              - { type: bind, source: ./folder, target: /folder, bind: { propagation: private } }
              - { type: volume, target: /long, volume: { nocopy: true } }
              - { type: tmpfs, target: /typed, tmpfs: { size: 1048576, mode: 0700 } }
            tmpfs: ["/plain:size=64k,mode=1770"]
            """);
        yield return ("borrowed", "volumes_from: [\"kept:ro\"]");
        yield return ("limits", """
            cpus: 0.5
            cpu_shares: 512
            cpuset: "0"
            mem_limit: 64m
            mem_reservation: 32m
            memswap_limit: 128m
            pids_limit: 50
            oom_score_adj: 100
            ulimits: { nofile: { soft: 100, hard: 200 }, core: 0 }
            shm_size: 4m
            cgroup_parent: omis-test.slice
            """);
        yield return ("security", """
            cap_add: [NET_ADMIN]
            cap_drop: [MKNOD]
            security_opt: ["no-new-privileges:true", "seccomp:unconfined"]
            sysctls: { net.core.somaxconn: 1024 }
            group_add: ["3000"]
            userns_mode: host
            read_only: true
            privileged: false
            devices: ["/dev/null:/dev/xnull:rw"]
            device_cgroup_rules: ["c 1:3 rwm"]
            init: true
            runtime: runc
            """);
        yield return ("kept", $$"""
            restart: on-failure:3
            volumes: [/lent]
            logging: { driver: json-file, options: { max-size: 1m, max-file: "2" } }
            ports: ["81", "127.0.0.1:{{stack.Port("udp")}}:90/udp"]
            """ + (isCurrent ? "\nannotations: { test.annotation: \"yes\" }" : ""));
        yield return ("injected", $$"""
            user: "0"
            configs:
              - inline
              - { source: owned, target: /etc/deep/owned.conf, {{(hasOwners ? "uid: \"1234\", gid: \"2345\", " : "")}}mode: 0440 }
              - { source: filed, target: /etc/filed.conf }
            secrets: [token, { source: filed, target: other }]
            """);
    }

    /// <summary>The image's HEALTHCHECK, which takes its time, counts in two rows only.</summary>
    private static string Indented(string yaml) => string.Concat(
        (yaml == "{}" ? "" : yaml.Contains("healthcheck", StringComparison.Ordinal) ? yaml : yaml + "\nhealthcheck: { disable: true }")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"    {line}\n"));
}

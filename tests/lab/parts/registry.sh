# shellcheck shell=bash
# A real registry (distribution 2.8) on a loopback port that the kernel chose.

write_registry_config() {
    cat >"$1/registry.yml" <<END
version: 0.1
log:
  level: info
  accesslog:
    disabled: false
storage:
  filesystem:
    rootdirectory: $1/registry
  delete:
    enabled: true
http:
  addr: $2
END
}

registry_address() { grep -oE 'listening on 127\.0\.0\.1:[0-9]+' "$1/registry.err" 2>/dev/null | tail -n 1 | cut -d ' ' -f 3; }
registry_settled() { [ -n "$(registry_address "$1")" ] || none_of "$1" docker-registry; }

registry_start() {
    local lab=$1 binary address pid
    binary=$(set_path "$(native_suite)" native)/usr/bin/docker-registry
    mkdir -p "$lab/registry"
    write_registry_config "$lab" 127.0.0.1:0
    # Its access log goes to stdout and everything else to stderr.
    pid=$(daemon "$lab/registry.log" "$lab/registry.err" env -i PATH="$PATH" "$binary" serve "$lab/registry.yml")
    sleep 0.2
    wait_until 30 registry_settled "$lab" || true
    address=$(registry_address "$lab")
    [ -n "$address" ] || { tail -n 15 "$lab/registry.err" >&2; die "the registry did not come up"; }
    # So that whoever starts it again from this file finds it where it was.
    write_registry_config "$lab" "$address"
    jq -n --arg address "$address" --argjson pid "$pid" --arg lab "$lab" --arg binary "$binary" \
        '{address: $address, pid: $pid, accessLog: "\($lab)/registry.log", configFile: "\($lab)/registry.yml", binary: $binary}' \
        >"$lab/registry.json"
    say "registry: $address"
}

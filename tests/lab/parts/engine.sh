# shellcheck shell=bash
# One private engine in one folder: dockerd with a containerd of its own. Left to
# itself dockerd would share the system's containerd where there is one, and two
# engines in one containerd see each other's containers.

# Overlay does not stack on every filesystem (nor in every container).
overlay_works() {
    local probe="$1/overlay-probe" works=1
    mkdir -p "$probe"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/merged" 2>/dev/null; then
        works=0
        umount "$probe/merged"
    fi
    rm -rf "$probe"
    return $works
}

write_containerd_config() {
    local dir=$1
    # What is disabled would write outside the folder (/opt/containerd, /run/nri)
    # or serve Kubernetes.
    cat >"$dir/containerd.toml" <<END
version = 2
root = "$dir/containerd"
state = "$dir/run"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.internal.v1.opt", "io.containerd.nri.v1.nri"]
[grpc]
address = "$dir/containerd.sock"
END
}

write_dockerd_config() {
    local dir=$1 leg=$2 number=$3 live_restore=$4 prefix overlay=false
    prefix=$(prefix_of "$number")
    ! overlay_works "$dir" || overlay=true
    # The control group's driver is named, because where systemd runs the default
    # would put containers under systemd, out of reach of `down`.
    jq -n --arg dir "$dir" --arg leg "$leg" --arg bridge "$(bridge_of "$number")" --arg prefix "$prefix" \
        --argjson overlay "$overlay" --argjson live "$live_restore" '{
            "data-root": "\($dir)/data", "exec-root": "\($dir)/exec", pidfile: "\($dir)/docker.pid",
            hosts: ["unix://\($dir)/docker.sock"], containerd: "\($dir)/containerd.sock",
            bridge: $bridge, "default-address-pools": [{base: "\($prefix).128.0/17", size: 24}],
            iptables: false, ip6tables: false, "ip-masq": false,
            "exec-opts": ["native.cgroupdriver=cgroupfs"], "cgroup-parent": "/\($bridge)",
            "live-restore": $live
        }
        + if $leg == "newest" then
            {features: {"containerd-snapshotter": true}} + if $overlay then {} else {"storage-driver": "native"} end
          else {"storage-driver": (if $overlay then "overlay2" else "vfs" end)} end
        + if $leg == "old" then {"deprecated-key-path": "\($dir)/key.json"} else {} end' >"$dir/dockerd.json"
}

# engine_file DIR NAME [VALUE]: what an engine has to remember between starts.
engine_file() {
    if [ $# -eq 3 ]; then printf '%s\n' "$3" >"$1/.$2"; else cat "$1/.$2" 2>/dev/null || true; fi
}

engine_answers() { curl -fsS -m 5 --unix-socket "$1/docker.sock" http://engine/_ping >/dev/null 2>&1; }
engine_settled() { engine_answers "$1" || none_of "$1" dockerd; }

engine_start() {
    local dir leg='' live_restore='' number path root native
    [ $# -ge 1 ] || die "engine start: which folder?"
    dir=$(engine_path "$1")
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            --live-restore) live_restore=true ;;
            *) leg=$1 ;;
        esac
        shift
    done
    none_of "$dir" dockerd || die "already running: $dir"
    leg=${leg:-$(engine_file "$dir" leg)}
    [ -n "$leg" ] || die "engine start: which leg?"
    [ "$(engine_file "$dir" leg)" = "$leg" ] || [ -z "$(engine_file "$dir" leg)" ] || die "$dir was made as another leg"
    live_restore=${live_restore:-$(engine_file "$dir" live-restore)}
    live_restore=${live_restore:-false}
    fetch_native || die "the machine's own packages cannot be had"
    fetch_leg "$leg" || die "the packages of leg $leg cannot be had"

    mkdir -p "$dir"/{data,exec,containerd,run}
    number=$(engine_file "$dir" number)
    if [ -z "$number" ]; then
        number=$(claim "$dir")
        engine_file "$dir" number "$number"
        engine_file "$dir" leg "$leg"
    else
        reclaim "$number" "$dir" || die "the addresses of $dir belong to another engine by now"
    fi
    engine_file "$dir" live-restore "$live_restore"
    network_up "$number"
    write_containerd_config "$dir"
    write_dockerd_config "$dir" "$leg" "$number" "$live_restore"

    root=$(set_path "$(suite_of "$leg")" engine) native=$(set_path "$(native_suite)" native)
    path="$root/usr/sbin:$root/usr/bin:$native/usr/sbin:$native/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    # A killed engine leaves its pid file, and dockerd believes it if any process
    # has that number; and sockets, which would pass for those of the new one:
    # an engine that starts before its containerd answers forgets its containers.
    rm -f "$dir/docker.pid" "$dir/docker.sock"
    if none_of "$dir" containerd; then
        rm -f "$dir/containerd.sock" "$dir/containerd.sock.ttrpc"
        daemon "$dir/containerd.log" "$dir/containerd.log" \
            env -i PATH="$path" "$root/usr/bin/containerd" --config "$dir/containerd.toml" >/dev/null
    fi
    wait_until 30 test -S "$dir/containerd.sock" || engine_failed "$dir" containerd
    local environment=(PATH="$path" HOME="$dir")
    # A fresh Docker 29 refuses older clients; 28 does so when asked.
    [ "$leg" != newest ] || environment+=(DOCKER_MIN_API_VERSION=1.44)
    with_ports "$number" dockerd_up "$dir" "$root/usr/sbin/dockerd" "${environment[@]}"
    engine_answers "$dir" || engine_failed "$dir" dockerd
    describe_engine "$dir" "$leg" "$root/usr/bin/docker" >"$dir/engine.json.new"
    mv "$dir/engine.json.new" "$dir/engine.json"
    say "$leg: $(jq -r '"engine \(.version), API \(.apiVersion), \(.imageStore) image store"' "$dir/engine.json")"
    printf '%s\n' "$dir/engine.json"
}

# dockerd_up DIR PROGRAM ENVIRONMENT...
dockerd_up() {
    local dir=$1 program=$2
    shift 2
    daemon "$dir/dockerd.log" "$dir/dockerd.log" env -i "$@" "$program" --config-file "$dir/dockerd.json" >/dev/null
    sleep 0.2 # until the new process carries its own name
    wait_until 90 engine_settled "$dir" || true
}

engine_failed() {
    tail -n 15 "$1/$2.log" >&2 || true
    stop_ours KILL 10 "$1" dockerd || true
    stop_ours KILL 10 "$1" containerd || true
    die "$2 did not come up in $1"
}

# ask_engine SOCKET-OR-URL PATH
ask_engine() {
    case $1 in
        unix://*) curl -fsS -m 10 --unix-socket "${1#unix://}" "http://engine$2" ;;
        tcp://*) curl -fsS -m 10 "http://${1#tcp://}$2" ;;
        *) return 1 ;;
    esac
}

# engine_facts HOST
engine_facts() {
    jq -n --argjson version "$(ask_engine "$1" /version)" --argjson info "$(ask_engine "$1" /info)" '{
        version: ($version.Version | split("+")[0]), apiVersion: $version.ApiVersion, minApiVersion: $version.MinAPIVersion,
        imageStore: (if any($info.DriverStatus[]?; .[1] == "io.containerd.snapshotter.v1") then "containerd" else "classic" end),
        storageDriver: $info.Driver
    }'
}

describe_engine() {
    local dir=$1 leg=$2 client=$3 prefix
    prefix=$(prefix_of "$(engine_file "$dir" number)")
    jq -n --argjson facts "$(engine_facts "unix://$dir/docker.sock")" \
        --arg leg "$leg" --arg dir "$dir" --arg client "$client" --arg subnet "$prefix.0.0/16" \
        --argjson pid "$(ours "$dir" dockerd)" --argjson containerd "$(ours "$dir" containerd)" \
        '{leg: $leg, socket: "\($dir)/docker.sock"} + $facts
         + {pid: $pid, containerdPid: $containerd, docker: $client, dir: $dir, subnet: $subnet, log: "\($dir)/dockerd.log"}'
}

engine_stop() {
    local dir
    dir=$(engine_path "${1:?engine stop: which folder?}")
    stop_ours TERM 90 "$dir" dockerd || die "dockerd in $dir does not stop"
    stop_ours TERM 30 "$dir" containerd || die "containerd in $dir does not stop"
}

engine_kill() {
    local dir
    dir=$(engine_path "${1:?engine kill: which folder?}")
    stop_ours KILL 10 "$dir" dockerd || die "dockerd in $dir survives SIGKILL"
    stop_ours KILL 10 "$dir" containerd || die "containerd in $dir survives SIGKILL"
}

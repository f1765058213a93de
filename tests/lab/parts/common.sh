# shellcheck shell=bash
# What every part uses.

# shellcheck disable=SC2034 # packages.sh has it
cache=$(realpath -m -- "${OMIS_LAB_CACHE:-/var/cache/omis-agent-lab}")
# Claims are about live interfaces, so they live where a reboot clears them.
# shellcheck disable=SC2034 # network.sh has them
claims=/run/omis-agent-lab

say() { printf 'lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

need_root() { [ "$(id -u)" = 0 ] || die "needs root: it starts engines and makes bridges"; }

# The path is put into process searches, configuration files and unix socket
# addresses (107 bytes at most), hence the narrow rules.
lab_path() {
    local path
    path=$(realpath -m -- "$1")
    [[ $path =~ ^/[A-Za-z0-9._/-]+$ ]] || die "only letters, digits and ._/- may be in the path: $path"
    [ "${#path}" -le 60 ] || die "path too long for unix sockets below it: $path"
    printf '%s\n' "$path"
}

engine_path() {
    local path
    path=$(realpath -m -- "$1")
    lab_path "$(dirname "$path")" >/dev/null
    [[ $(basename "$path") =~ ^[a-z0-9][a-z0-9-]{0,15}$ ]] || die "not an engine's name: $(basename "$path")"
    printf '%s\n' "$path"
}

# wait_until SECONDS COMMAND...
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

# Runs the command in a session of its own, so that it outlives the caller and
# holds none of its descriptors (a lock's, a pipe's), and prints its pid. A shell's
# background jobs start with SIGINT and SIGQUIT ignored; nothing real does.
# daemon OUT ERR COMMAND...
daemon() {
    local out=$1 err=$2 fd
    shift 2
    (
        for fd in "/proc/$BASHPID/fd/"*; do
            fd=${fd##*/}
            [ "$fd" -le 2 ] || exec {fd}>&-
        done
        exec setsid env --default-signal=HUP,INT,QUIT "$@"
    ) </dev/null >>"$out" 2>>"$err" &
    printf '%s\n' $!
}

# Parents first, so that none starts anything new.
kill_tree() {
    local pid=$1 children
    children=$(pgrep -P "$pid" || true)
    kill "$pid" 2>/dev/null || true
    for pid in $children; do kill_tree "$pid"; done
}

# Pids of processes that run one of a lab's programs and have DIR in their command
# line: both must hold, so that neither a reused pid nor an editor is ever hit.
# PROGRAM is what the process calls itself: dockerd's own helpers run its file too.
# ours DIR [PROGRAM]
ours() {
    local pid exe name
    for pid in $(pgrep -f -- "(^| )${1//./\\.}/" || true); do
        exe=$(readlink "/proc/$pid/exe" 2>/dev/null) || continue
        exe=${exe% (deleted)}
        [[ ${exe##*/} =~ ^(dockerd|containerd|containerd-shim.*|runc|docker-registry)$ ]] || continue
        name=''
        IFS= read -r -d '' name 2>/dev/null <"/proc/$pid/cmdline" || continue
        [ -z "${2:-}" ] || [ "${name##*/}" = "$2" ] || continue
        printf '%s\n' "$pid"
    done
}

none_of() { [ -z "$(ours "$@")" ]; }

# stop_ours SIGNAL SECONDS DIR PROGRAM
stop_ours() {
    local pid
    for pid in $(ours "$3" "$4"); do kill -s "$1" "$pid" 2>/dev/null || true; done
    wait_until "$2" none_of "$3" "$4"
}

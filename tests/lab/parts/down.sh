# shellcheck shell=bash
# Takes down what a lab made, whatever state it is in. Nothing is asked of the
# engines: they may be stopped, killed or half made.

# Processes in the engine's control groups. The dead that nobody has reaped yet
# are still listed there, but have no program any more.
group_pids() {
    local file
    for file in $(grep -lE ":/(.*/)?$(bridge_of "$1")(/|\$)" /proc/[0-9]*/cgroup 2>/dev/null || true); do
        ! readlink "${file%cgroup}exe" >/dev/null 2>&1 || cut -d / -f 3 <<<"$file"
    done
}

engine_gone() { none_of "$2" && [ -z "$(group_pids "$1")" ]; }

# engine_remove NUMBER DIR
engine_remove() {
    local number=$1 dir=$2 group shims
    # Found before its folder goes: shims keep their sockets in a place that all
    # engines share.
    shims=$(grep -rohsE '/run/containerd/s/[0-9a-f]+' "$dir/run" | sort -u || true)
    # The engine first, or it would restart what is killed next.
    stop_ours KILL 10 "$dir" dockerd || true
    wait_until 20 kill_all "$number" "$dir" || say "processes of $dir survive SIGKILL"
    unmount_below "$dir"
    network_down "$number" "$dir"
    # shellcheck disable=SC2086 # addresses without spaces
    [ -z "$shims" ] || rm -f $shims
    for group in /sys/fs/cgroup/"$(bridge_of "$number")" /sys/fs/cgroup/*/"$(bridge_of "$number")"; do
        [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
    rm -rf --one-file-system "$dir"
    # Last, so that a second `down` finds what a broken one has left.
    release "$number" "$dir"
}

# kill_all NUMBER DIR: fails as long as something is left.
kill_all() {
    local pid
    for pid in $(ours "$2") $(group_pids "$1"); do kill -KILL "$pid" 2>/dev/null || true; done
    engine_gone "$1" "$2"
}

# Innermost first.
unmount_below() {
    local mount
    while read -r mount; do
        umount -l "$mount" 2>/dev/null || true
    done < <(awk -v dir="$1/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | tac)
}

lab_down() {
    local lab number dir
    [ $# -eq 1 ] || { usage >&2; exit 2; }
    need_root
    lab=$(lab_path "$1")
    # In a subshell each, and at once: most of it is waiting.
    while IFS=$'\t' read -r number dir; do
        engine_remove "$number" "$dir" &
    done < <(claimed_by "$lab" | sort -u)
    wait
    # The registry, and what no claim told of.
    wait_until 10 kill_all none "$lab" || say "processes of $lab survive SIGKILL"
    unmount_below "$lab"
    [ -d "$lab" ] || return 0
    if [ -e "$lab/.omis-lab" ]; then
        rm -rf --one-file-system "$lab"
    else
        # Engines started one by one, in a folder of the caller's.
        rmdir "$lab" 2>/dev/null || say "left as it is, not a lab: $lab"
    fi
}

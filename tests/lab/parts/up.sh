# shellcheck shell=bash
# A whole lab: engines side by side, a registry, and what tests need beside them.

default_host() {
    local host=${DOCKER_HOST:-unix:///var/run/docker.sock}
    ask_engine "$host" /_ping >/dev/null 2>&1 && printf '%s\n' "$host"
}

# Debian 12 runs the engines of all three suites.
native_legs() { if [ "$(native_suite)" = trixie ]; then printf 'stable\n'; else printf 'old stable\n'; fi; }

# Fetches in parallel, one job a set. What only `newest` needs may fail: its
# reason then stands in $reasons/newest.
# fetch_all REASONS LEG...
fetch_all() {
    local reasons=$1 leg pid failed='' jobs=()
    shift
    fetch_native & jobs+=($!)
    fetch_compose trixie & jobs+=($!)
    fetch_client & jobs+=($!)
    for leg in "$@"; do
        case $leg in
            default) ;;
            newest)
                { fetch_leg newest && fetch_compose sid; } ||
                    printf 'the packages of sid cannot be had: %s\n' "$(why_not sid)" >"$reasons/newest" &
                jobs+=($!) ;;
            *) fetch_leg "$leg" & jobs+=($!) ;;
        esac
    done
    for pid in "${jobs[@]}"; do wait "$pid" || failed=1; done
    [ -z "$failed" ] || die "packages that every lab needs cannot be had"
}

lab_fetch() {
    local reasons
    need_root
    need_tools
    # shellcheck disable=SC2046
    [ $# -gt 0 ] || set -- $(native_legs) newest
    reasons=$(mktemp -d)
    fetch_all "$reasons" "$@"
    cat "$reasons"/* 2>/dev/null >&2 || true
    rm -rf "$reasons"
}

compose_plugins() {
    local suite binary
    for suite in trixie sid; do
        binary=$(set_path "$suite" compose)/usr/libexec/docker/cli-plugins/docker-compose
        [ -x "$binary" ] || continue
        jq -n --arg path "$binary" --arg version "$("$binary" version --short)" \
            '{version: ($version | ltrimstr("v") | split("-")[0] | split("+")[0]), path: $path}'
    done | jq -s .
}

describe_lab() {
    local lab=$1 leg busybox
    # Where /bin is a link to /usr/bin, packages put it there.
    busybox=$(find "$(set_path "$(native_suite)" native)" -type f -name busybox -perm -u=x -print -quit)
    shift
    for leg in "$@"; do
        if [ -f "$lab/$leg/engine.json" ]; then cat "$lab/$leg/engine.json"; fi
    done | jq -s --slurpfile registry "$lab/registry.json" --argjson compose "$(compose_plugins)" \
        --arg busybox "$busybox" --rawfile newest "$lab/skipped/newest" \
        '{engines: ., skipped: (if $newest == "" then [] else [{leg: "newest", reason: ($newest | rtrimstr("\n"))}] end),
          compose: $compose, registry: $registry[0], busybox: $busybox}'
}

lab_up() {
    local lab leg pid host='' legs=() jobs=() failed=''
    [ $# -ge 1 ] || { usage >&2; exit 2; }
    need_root
    lab=$(lab_path "$1")
    shift
    for leg in "$@"; do suite_of "$leg" >/dev/null; done
    [ ! -e "$lab" ] || { [ -d "$lab" ] && [ -z "$(ls -A "$lab")" ]; } || die "not an empty folder: $lab"
    need_tools

    # From here on something may be left behind.
    unfinished=$lab
    trap abandon EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir -p "$lab/skipped"
    : >"$lab/.omis-lab"
    : >"$lab/skipped/newest"

    for leg in "$@"; do [[ " ${legs[*]} " == *" $leg "* ]] || legs+=("$leg"); done
    if [ ${#legs[@]} -eq 0 ]; then
        if host=$(default_host); then legs=(default newest); else read -ra legs <<<"$(native_legs) newest"; fi
    fi
    fetch_all "$lab/skipped" "${legs[@]}"
    for leg in "${legs[@]}"; do
        case $leg in
            default)
                mkdir "$lab/default"
                jq -n --argjson facts "$(engine_facts "$host")" --arg host "$host" \
                    --arg client "$(set_path trixie client)/usr/bin/docker" \
                    '{leg: "default", socket: ($host | ltrimstr("unix://"))} + $facts + {pid: null, docker: $client}' \
                    >"$lab/default/engine.json"
                say "default: the engine at $host, left as it is" ;;
            *)
                if [ -s "$lab/skipped/$leg" ]; then say "skipped $leg: $(cat "$lab/skipped/$leg")"; continue; fi
                engine_start "$lab/$leg" "$leg" >/dev/null & jobs+=($!) ;;
        esac
    done
    registry_start "$lab" & jobs+=($!)
    for pid in "${jobs[@]}"; do wait "$pid" || failed=1; done
    [ -z "$failed" ] || die "the lab did not come up"

    describe_lab "$lab" "${legs[@]}" >"$lab/lab.json.new"
    mv "$lab/lab.json.new" "$lab/lab.json"
    unfinished=''
    printf '%s\n' "$lab/lab.json"
}

unfinished=''

abandon() {
    local status=$? pid
    trap '' INT TERM HUP
    [ -n "$unfinished" ] || exit "$status"
    say "cleaning up after a lab that did not come up"
    for pid in $(jobs -p); do kill_tree "$pid"; done
    wait
    (lab_down "$unfinished") || true
    exit "$status"
}

# shellcheck shell=bash
# Each engine has a number, and from it a bridge, 65,536 addresses and a control
# group that no other lab on the machine has.

: "${claims:?}"

bridge_of() { printf 'omislab%s\n' "$1"; }

prefix_of() {
    if [ "$1" -lt 120 ]; then
        printf '10.%s\n' $((128 + $1))
    else
        printf '172.%s\n' $((16 + $1 - 120))
    fi
}

# routed A.B: whether a route other than a default one touches A.B.0.0/16.
routed() {
    local wanted=$(((${1%.*} << 8) + ${1#*.})) destination address bits a b _
    while read -r destination; do
        [[ $destination == *.* ]] || continue
        address=${destination%/*}
        bits=32
        [[ $destination != */* ]] || bits=${destination#*/}
        # A VPN sends everything its way as two halves: default routes, in effect.
        [ "$bits" -ge 4 ] || continue
        [ "$bits" -le 16 ] || bits=16
        IFS=. read -r a b _ <<<"$address"
        [ $(((wanted ^ ((a << 8) + b)) >> (16 - bits))) -ne 0 ] || return 0
    done < <(ip -4 -json route show | jq -r '.[].dst')
    return 1
}

# Prints the number claimed for the engine in DIR, which must exist.
claim() {
    local number owner
    mkdir -p "$claims"
    (
        flock 9
        for number in $(seq 0 135); do
            if [ -f "$claims/$number" ]; then
                owner=$(<"$claims/$number")
                [ ! -d "$owner" ] || continue
            fi
            ! ip link show "$(bridge_of "$number")" >/dev/null 2>&1 || continue
            ! routed "$(prefix_of "$number")" || continue
            printf '%s\n' "$1" >"$claims/$number"
            printf '%s\n' "$number"
            exit 0
        done
        die "no free addresses for another engine"
    ) 9>"$claims/.lock"
}

release() {
    [ ! -f "$claims/$1" ] || [ "$(<"$claims/$1")" != "$2" ] || rm -f "$claims/$1"
}

# Takes a number back for an engine that had it before a reboot.
reclaim() {
    mkdir -p "$claims"
    (
        flock 9
        [ -f "$claims/$1" ] || printf '%s\n' "$2" >"$claims/$1"
        [ "$(<"$claims/$1")" = "$2" ]
    ) 9>"$claims/.lock"
}

# "number<tab>engine folder" of every engine in or below DIR: by its claim, so
# that the folder may be gone, and by the folder, so that the claim may be.
claimed_by() {
    local file owner
    for file in "$claims"/[0-9]*; do
        [ -f "$file" ] || continue
        owner=$(<"$file")
        if [[ $owner == "$1" || $owner == "$1"/* ]]; then printf '%s\t%s\n' "${file##*/}" "$owner"; fi
    done
    for file in "$1"/.number "$1"/*/.number; do
        [ -f "$file" ] || continue
        owner=$(cat "$claims/$(<"$file")" 2>/dev/null || printf '%s' "${file%/.number}")
        [ "$owner" != "${file%/.number}" ] || printf '%s\t%s\n' "$(<"$file")" "$owner"
    done
}

network_up() {
    local bridge prefix
    bridge=$(bridge_of "$1") prefix=$(prefix_of "$1")
    if ! ip link show "$bridge" >/dev/null 2>&1; then
        ip link add "$bridge" type bridge
        ip addr add "$prefix.0.1/20" dev "$bridge"
    fi
    ip link set "$bridge" up
    # Several dockerds cannot share iptables: each flushes the DOCKER chains as it
    # starts. Ours keep their hands off. One rule stands in for theirs, needed only
    # where another engine has set FORWARD to drop and bridged packets pass by it.
    forward_rule -C "$1" 2>/dev/null || forward_rule -I "$1" 2>/dev/null || true
}

# Runs the command while the kernel names ports that are this engine's alone as those
# to choose from: engines up to 26 ask once, as they start. Else every engine counts
# up from the same port, and one takes what a container of another gives up for a
# moment. (28 asks at its first published port: it alone keeps the usual range.)
# with_ports NUMBER COMMAND...
with_ports() {
    local range=/proc/sys/net/ipv4/ip_local_port_range usual="$claims/.ports" first=$((10240 + $1 * 160))
    shift
    mkdir -p "$claims"
    (
        flock 9
        # What a lab that was killed in here left behind is not the usual.
        [ -s "$usual" ] || cat "$range" >"$usual"
        trap 'cat "$usual" >"$range" && rm -f "$usual"' EXIT
        printf '%s %s\n' "$first" $((first + 159)) >"$range" || say "engines may take each other's ports: $range cannot be written"
        "$@"
    ) 9>"$claims/.ports-lock"
}

# forward_rule -C|-I|-D NUMBER
forward_rule() { iptables -w 10 "$1" FORWARD -s "$(prefix_of "$2").0.0/16" -d "$(prefix_of "$2").0.0/16" -j ACCEPT; }

# Bridges that the engine made for networks: by their addresses, and by their
# names in its database where a network chose addresses of its own.
network_down() {
    local number=$1 dir=$2 link prefix
    prefix=$(prefix_of "$number")
    {
        bridge_of "$number"
        ip -4 -json addr show type bridge | jq -r --arg prefix "$prefix." \
            '.[] | select(any(.addr_info[]?; .local // "" | startswith($prefix))) | .ifname'
        grep -aohE '"(BridgeName|Parent)":"(br|dm|di)-[0-9a-f]{12}"' "$dir/data/network/files/local-kv.db" 2>/dev/null |
            cut -d '"' -f 4 || true
    } | sort -u | while read -r link; do
        ip link delete "$link" 2>/dev/null || true
    done
    while forward_rule -D "$number" 2>/dev/null; do :; done
}

# shellcheck shell=bash
# Debian packages unpacked side by side in the cache, never installed, so that
# the machine's own engine (or the lack of one) stays as it is.

: "${cache:?}"

architecture=$(dpkg --print-architecture 2>/dev/null) || die "needs Debian: dpkg is missing"

native_suite() {
    (
        # shellcheck source=/dev/null
        . /etc/os-release
        [ "${ID:-}" = debian ] || die "needs Debian, this is ${PRETTY_NAME:-unknown}"
        # Testing and unstable share a codename; sid's packages serve both.
        case ${VERSION_CODENAME:-sid} in
            bookworm | trixie) printf '%s\n' "$VERSION_CODENAME" ;;
            *) printf 'sid\n' ;;
        esac
    )
}

suite_of() {
    case $1 in
        old) printf 'bookworm\n' ;;
        stable) printf 'trixie\n' ;;
        newest) printf 'sid\n' ;;
        *) die "no such leg: $1" ;;
    esac
}

# "URI<tab>keyring" of the machine's main archive, in either format of apt's
# sources. The suite decides: security and third-party archives have others.
archives() {
    local main="bookworm trixie forky sid oldstable stable testing unstable" files=()
    shopt -s nullglob
    files=(/etc/apt/sources.list.d/*.sources)
    shopt -u nullglob
    if [ ${#files[@]} -gt 0 ]; then
        awk -v main="$main" '
            function flush(    i, n, u, s, hit) {
                n = split(field["suites"], s, " ")
                for (i = 1; i <= n; i++) if (index(" " main " ", " " s[i] " ")) hit = 1
                if (field["types"] !~ /(^| )deb( |$)/ || field["enabled"] ~ /no/) hit = 0
                if (field["components"] !~ /(^| )main( |$)/) hit = 0
                n = split(field["uris"], u, " ")
                for (i = 1; hit && i <= n; i++) print u[i] "\t" field["signed-by"]
                split("", field)
            }
            FNR == 1 { flush() }
            /^#/ { next }
            /^[ \t]*$/ { flush(); next }
            /^[ \t]/ { field[key] = field[key] " " $0; next }
            { key = tolower($0); sub(/:.*/, "", key); value = $0; sub(/^[^:]*:[ \t]*/, "", value); field[key] = value }
            END { flush() }' "${files[@]}"
    fi
    shopt -s nullglob
    files=(/etc/apt/sources.list.d/*.list)
    shopt -u nullglob
    [ ! -f /etc/apt/sources.list ] || files+=(/etc/apt/sources.list)
    if [ ${#files[@]} -gt 0 ]; then
        awk -v main="$main" '
            $1 != "deb" { next }
            {
                line = $0; signed = ""
                if (match(line, /\[[^]]*\]/)) {
                    options = substr(line, RSTART + 1, RLENGTH - 2)
                    line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
                    if (match(options, /signed-by=[^ ]+/)) signed = substr(options, RSTART + 10, RLENGTH - 10)
                }
                $0 = line
                if (index(" " main " ", " " $3 " ") && $0 ~ / main( |$)/) print $2 "\t" signed
            }' "${files[@]}"
    fi
}

# apt with one suite and with lists and caches of its own: what the machine's
# apt knows and prefers is neither used nor changed.
suite_apt() {
    local tool=$1 home="$cache/apt/$2"
    shift 2
    "$tool" -q -o Dir::Etc::sourcelist="$home/suite.sources" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o Dir::State::Lists="$home/lists" -o Dir::Cache="$home/cache" \
        -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any \
        -o Acquire::Retries=3 -o Acquire::Languages=none "$@"
}

update_suite() {
    local suite=$1 home="$cache/apt/$1" uri keyring
    while IFS=$'\t' read -r uri keyring; do
        # Older keyrings sign the newer suites too; a key given inline, or none,
        # leaves Debian's own.
        [[ $keyring == /* ]] || keyring=/usr/share/keyrings/debian-archive-keyring.gpg
        printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' "$uri" "$suite" "$keyring"
    done < <(archives | sort -u) >"$home/suite.sources"
    suite_apt apt-get "$suite" update >>"$home/log" 2>&1 && touch "$home/fresh"
}

set_path() { printf '%s/%s-%s-%s\n' "$cache" "$1" "$2" "$architecture"; }

# A set is one folder with several packages of one suite unpacked into it; it
# appears under its name only when complete. "name?" may be absent in the suite.
# fetch_set NAME SUITE PACKAGE...
fetch_set() {
    local name=$1 suite=$2 home
    shift 2
    home=$(set_path "$suite" "$name")
    [ ! -d "$home" ] || return 0
    mkdir -p "$cache"
    (
        flock 9
        [ ! -d "$home" ] || exit 0
        say "$suite: fetching ${*%\?}"
        unpack_set "$home" "$suite" "$@"
    ) 9>"$cache/.lock-$suite"
}

known() { [[ $(suite_apt apt-cache "$1" show --no-all-versions "$2" 2>/dev/null) == *Filename:* ]]; }

unpack_set() {
    local home=$1 suite=$2 apt="$cache/apt/$2" partial="$1.partial" package wanted attempt deb
    shift 2
    mkdir -p "$apt/lists" "$apt/cache"
    for attempt in 1 2 3 4; do
        rm -rf "$partial"
        mkdir -p "$partial/debs"
        : >"$apt/log"
        # Lists older than a day name files that the archive may have dropped. One
        # of several archives may lack the suite; whether it matters, the download tells.
        if [ "$attempt" -gt 1 ] || [ -z "$(find "$apt/fresh" -mmin -1440 2>/dev/null)" ]; then
            update_suite "$suite" || true
        fi
        wanted=()
        for package in "$@"; do
            if [[ $package != *\? ]]; then
                wanted+=("$package")
            elif known "$suite" "${package%\?}"; then
                wanted+=("${package%\?}")
            fi
        done
        if (cd "$partial/debs" && suite_apt apt-get "$suite" download "${wanted[@]}") >>"$apt/log" 2>&1; then
            for deb in "$partial"/debs/*.deb; do dpkg -x "$deb" "$partial" || return 1; done
            rm -rf "$partial/debs" "${partial:?}"/{etc,lib,usr/share}
            mv "$partial" "$home"
            return 0
        fi
        say "$suite: ${wanted[*]} not fetched (try $attempt of 4): $(why_not "$suite")"
        sleep "$attempt"
    done
    rm -rf "$partial"
    return 1
}

# apt's first complaint: the later ones follow from it.
why_not() { grep -m 1 '^E:' "$cache/apt/$1/log" 2>/dev/null || printf 'no reason given\n'; }

fetch_leg() { fetch_set engine "$(suite_of "$1")" docker.io containerd 'docker-cli?' 'tini-static?' 'tini?'; }
fetch_compose() { fetch_set compose "$1" docker-compose; }
# Compose needs no client of its own, but an engine that was there before does,
# and this one is old and new enough for all of them.
fetch_client() { fetch_set client trixie docker-cli; }
# Newer runc wants a newer libc than the oldest supported host has, so it is
# always the host's.
fetch_native() { fetch_set native "$(native_suite)" runc docker-registry busybox-static; }

# What must be the machine's own: the programs that set up its network, and the
# libraries that dockerd links to.
need_tools() {
    local missing=() entry libraries
    for entry in jq:jq curl:curl python3:python3 ip:iproute2 iptables:iptables pgrep:procps flock:util-linux awk:mawk; do
        command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
    done
    libraries=$(ldconfig -p)
    for entry in libdevmapper.so.1.02.1:libdevmapper1.02.1 libsystemd.so.0:libsystemd0 libseccomp.so.2:libseccomp2; do
        [[ $libraries == *"${entry%%:*}"* ]] || missing+=("${entry##*:}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    mkdir -p "$cache"
    (
        flock 9
        export DEBIAN_FRONTEND=noninteractive
        get=(apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3)
        install=("${get[@]}" install -y --no-install-recommends "${missing[@]}")
        [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -print -quit)" ] || "${get[@]}" update || true
        "${install[@]}" || { "${get[@]}" update && "${install[@]}"; }
    ) 9>"$cache/.lock-tools" >"$cache/tools.log" 2>&1 ||
        { tail -n 15 "$cache/tools.log" >&2; die "could not install ${missing[*]}"; }
}

# The machine's own, as it goes into programs that are linked to its libc.
lab_faketime() {
    fetch_set faketime "$(native_suite)" libfaketime
    find "$(set_path "$(native_suite)" faketime)" -name libfaketime.so.1 -print -quit
}

lab_prometheus() {
    fetch_set prometheus "$(native_suite)" prometheus
    printf '%s/usr/bin\n' "$(set_path "$(native_suite)" prometheus)"
}

# A mail server in Python, which runs on the machine's own.
lab_smtp() {
    fetch_set smtp "$(native_suite)" python3-aiosmtpd 'python3-public?' 'python3-atpublic?' python3-attr
    printf '%s/usr/lib/python3/dist-packages\n' "$(set_path "$(native_suite)" smtp)"
}

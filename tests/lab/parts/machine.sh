# shellcheck shell=bash
# The file system of a small Debian 12 with a real systemd, for
# `docker import`: a machine in a container, on which packages are installed.

: "${cache:?}"

# What a cloud's image has, beside systemd: cloud-init, and what our user-data asks for. debootstrap follows no virtual
# packages, so python3-cffi-backend is named.
machine_packages=systemd,systemd-sysv,dbus,ca-certificates,procps,init-system-helpers,cloud-init,python3-cffi-backend,curl,jq

# Prints the tarball's path; made if need be, which takes some minutes once.
lab_machine() {
    local tarball
    # Another recipe makes another machine.
    tarball=$cache/machine-bookworm-$architecture-$(cksum <"${BASH_SOURCE[0]}" | cut -d ' ' -f 1).tar
    need_root
    mkdir -p "$cache"
    (
        flock 9
        [ -s "$tarball" ] || build_machine "$tarball"
    ) 9>"$cache/.lock-machine" >&2 || die "no machine: $(tail -n 1 "$cache/machine.log" 2>/dev/null)"
    printf '%s\n' "$tarball"
}

build_machine() {
    local tarball=$1 tree=$1.tree uri
    command -v debootstrap >/dev/null ||
        DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends debootstrap >"$cache/machine.log" 2>&1 || return 1
    uri=$(archives | sort -u | cut -f 1 | head -n 1)
    [ -n "$uri" ] || { printf "apt's sources name no Debian archive\n" >"$cache/machine.log"; return 1; }
    say "building a machine with systemd, once"
    rm -rf "$tree"
    if ! debootstrap --variant=minbase --include="$machine_packages" \
        bookworm "$tree" "$uri" >"$cache/machine.log" 2>&1; then
        rm -rf "$tree"
        return 1
    fi
    rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* "$tree"/usr/share/{doc,man,locale,info}/* "$tree"/etc/apt/sources.list
    # It boots in a container: nobody logs in, and no clock, disk or network is its own.
    : >"$tree/etc/machine-id"
    printf 'network: {config: disabled}\napt: {preserve_sources_list: true}\nlocale: false\nssh_genkeytypes: []\n' >"$tree/etc/cloud/cloud.cfg.d/90_machine.cfg"
    # As Docker's packages do: its socket, which is mounted, belongs to its group.
    chroot "$tree" groupadd --system docker
    printf 'z /run/docker.sock 0660 root docker\n' >"$tree/etc/tmpfiles.d/docker.conf"
    tar -C "$tree" --numeric-owner -cf "$tarball.partial" . && mv "$tarball.partial" "$tarball"
    rm -rf "$tree"
}

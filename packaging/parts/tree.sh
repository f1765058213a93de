# shellcheck shell=bash
# The files as they are installed, for every kind of package.

: "${root:?}" "${from:?}" "${SOURCE_DATE_EPOCH:?}"

lay_tree() {
    local tree=$1
    install -d "$tree/usr/bin"
    install -Dm0755 "$from/omis-agent" "$tree/usr/lib/omis-agent/omis-agent"
    install -Dm0644 "$from/libe_sqlite3.so" "$tree/usr/lib/omis-agent/libe_sqlite3.so"
    ln -s ../lib/omis-agent/omis-agent "$tree/usr/bin/omis-agent"
    install -Dm0644 "$root/systemd/omis-agent.service" "$tree/usr/lib/systemd/system/omis-agent.service"
    install -Dm0644 "$root/systemd/omis-agent.sysusers" "$tree/usr/lib/sysusers.d/omis-agent.conf"
    install -Dm0644 "$root/systemd/omis-agent.tmpfiles" "$tree/usr/lib/tmpfiles.d/omis-agent.conf"
    install -Dm0644 "$root/packaging/omis-agent.json" "$tree/etc/omis-agent.json"
    install -d "$tree/usr/share/omis-agent"
    "$from/omis-agent" schema >"$tree/usr/share/omis-agent/omis-agent.schema.json"
    "$from/omis-agent" validate --config "$tree/etc/omis-agent.json" >&2
    settle "$tree"
}

settle() { find "$1" -depth -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

make_tarball() {
    tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - . | gzip -9n >"$2"
}

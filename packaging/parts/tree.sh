# shellcheck shell=bash
# The files as they are installed, for every kind of Linux package.

: "${root:?}" "${version:?}" "${SOURCE_DATE_EPOCH:?}"

# Speaks for the binary: a cross-built one may not run here.
agent() { "${native:-$from}/omis-agent" "$@"; }

lay_tree() {
    local tree=$1 doc=$1/usr/share/doc/omis-agent
    install -d "$tree/usr/bin" "$doc" "$tree/usr/share/omis-agent" "$tree/usr/share/man/man8" \
        "$tree/usr/share/bash-completion/completions" "$tree/usr/share/zsh/vendor-completions" "$tree/usr/share/fish/vendor_completions.d"
    install -Dm0755 "$from/omis-agent" "$tree/usr/lib/omis-agent/omis-agent"
    install -Dm0644 "$from/libe_sqlite3.so" "$tree/usr/lib/omis-agent/libe_sqlite3.so"
    ln -s ../lib/omis-agent/omis-agent "$tree/usr/bin/omis-agent"
    install -Dm0644 "$root/systemd/omis-agent.service" "$tree/usr/lib/systemd/system/omis-agent.service"
    install -Dm0644 "$root/systemd/omis-agent.sysusers" "$tree/usr/lib/sysusers.d/omis-agent.conf"
    install -Dm0644 "$root/systemd/omis-agent.tmpfiles" "$tree/usr/lib/tmpfiles.d/omis-agent.conf"
    install -Dm0644 "$root/packaging/omis-agent.json" "$tree/etc/omis-agent.json"
    agent schema >"$tree/usr/share/omis-agent/omis-agent.schema.json"
    agent validate --config "$tree/etc/omis-agent.json" >&2
    agent man | gzip -9n >"$tree/usr/share/man/man8/omis-agent.8.gz"
    agent completion bash >"$tree/usr/share/bash-completion/completions/omis-agent"
    agent completion zsh >"$tree/usr/share/zsh/vendor-completions/_omis-agent"
    agent completion fish >"$tree/usr/share/fish/vendor_completions.d/omis-agent.fish"
    python3 "$root/packaging/parts/bill.py" notices "$rid" "$version" "$SOURCE_DATE_EPOCH" >"$doc/THIRD-PARTY-NOTICES"
    python3 "$root/packaging/parts/bill.py" sbom "$rid" "$version" "$SOURCE_DATE_EPOCH" >"$doc/sbom.cdx.json"
    settle "$tree"
}

settle() { find "$1" -depth -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

make_tarball() {
    tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - . | gzip -9n >"$2"
}

# shellcheck shell=bash
# The RPM package, from the same tree and with the same behaviour as the Debian one.

: "${root:?}" "${version:?}" "${SOURCE_DATE_EPOCH:?}"

make_rpm() {
    local tree=$1 work=$2 file=$3 machine=x86_64
    [ "$architecture" = amd64 ] || machine=aarch64
    mkdir -p "$work/tree"
    cp -a "$tree/." "$work/tree"
    # Where RPM systems look for zsh's completions.
    mkdir -p "$work/tree/usr/share/zsh/site-functions"
    mv "$work/tree/usr/share/zsh/vendor-completions/_omis-agent" "$work/tree/usr/share/zsh/site-functions/"
    rmdir "$work/tree/usr/share/zsh/vendor-completions"
    settle "$work/tree"
    rpmbuild -bb --quiet --target "$machine-linux" \
        --define "_topdir $work/top" --define "_rpmdir $work/out" --define "agent_version $version" --define "agent_tree $work/tree" \
        --define "_buildhost localhost" --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
        --define "_build_id_links none" --define "_binary_payload w6.xzdio" \
        "$root/packaging/rpm/omis-agent.spec" >&2
    mv "$work/out/$machine/"*.rpm "$file"
}

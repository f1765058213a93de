# shellcheck shell=bash
# The Debian package. Its scripts are those in packaging/debian.

: "${root:?}" "${version:?}" "${SOURCE_DATE_EPOCH:?}"

make_deb() {
    local tree=$1 deb=$2 file=$3 script doc=$2/usr/share/doc/omis-agent
    cp -a "$tree" "$deb"
    install -d "$deb/DEBIAN" "$deb/usr/share/lintian/overrides"
    install -m0644 "$root/packaging/debian/lintian-overrides" "$deb/usr/share/lintian/overrides/omis-agent"
    install -m0644 "$root/packaging/debian/copyright" "$doc/copyright"
    changelog | gzip -9n >"$doc/changelog.gz"
    sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$(du -sk --apparent-size "$deb" | cut -f 1)/" "$root/packaging/debian/control" >"$deb/DEBIAN/control"
    printf '/etc/omis-agent.json\n' >"$deb/DEBIAN/conffiles"
    for script in postinst prerm postrm; do install -m0755 "$root/packaging/debian/$script" "$deb/DEBIAN/$script"; done
    (cd "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    settle "$deb"
    dpkg-deb --root-owner-group -Zxz --build "$deb" "$file" >&2
}

# The latest of the project's own history.
changelog() {
    printf 'omis-agent (%s) unstable; urgency=medium\n\n' "$version"
    git -C "$root" log -20 --no-merges --format='  * %s' | cut -c 1-78
    printf '\n -- Omis Agent <omis-agent@localhost>  %s\n' "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
}

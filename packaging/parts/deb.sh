# shellcheck shell=bash
# The Debian package. Its scripts are those in packaging/debian.

: "${root:?}" "${version:?}"

make_deb() {
    local tree=$1 deb=$2 file=$3 script
    cp -a "$tree" "$deb"
    mkdir "$deb/DEBIAN"
    sed "s/@VERSION@/$version/; s/@SIZE@/$(du -sk --apparent-size "$tree" | cut -f 1)/" "$root/packaging/debian/control" >"$deb/DEBIAN/control"
    printf '/etc/omis-agent.json\n' >"$deb/DEBIAN/conffiles"
    for script in postinst prerm postrm; do install -m0755 "$root/packaging/debian/$script" "$deb/DEBIAN/$script"; done
    (cd "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    settle "$deb"
    dpkg-deb --root-owner-group -Zxz --build "$deb" "$file" >&2
}

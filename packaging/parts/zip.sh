# shellcheck shell=bash
# The Windows zip: a published folder with its scripts. Windows binaries cannot be compiled ahead of time on Linux, so it
# brings its runtime along.

: "${root:?}" "${version:?}" "${SOURCE_DATE_EPOCH:?}"

make_zip() {
    local from=$1 tree=$2/omis-agent file=$3
    [ -f "$from/omis-agent.exe" ] || die "no omis-agent.exe in $from"
    mkdir -p "$tree/bin"
    cp -a "$from/." "$tree/bin"
    find "$tree/bin" -name '*.pdb' -delete
    install -m0644 "$root/packaging/windows/install.ps1" "$root/packaging/windows/uninstall.ps1" "$tree"
    sed 's|/usr/share/omis-agent/omis-agent.schema.json|omis-agent.schema.json beside bin|' "$root/packaging/omis-agent.json" >"$tree/omis-agent.json"
    agent schema >"$tree/omis-agent.schema.json"
    python3 "$root/packaging/parts/bill.py" notices win-x64 "$version" "$SOURCE_DATE_EPOCH" >"$tree/THIRD-PARTY-NOTICES.txt"
    python3 "$root/packaging/parts/bill.py" sbom win-x64 "$version" "$SOURCE_DATE_EPOCH" >"$tree/sbom.cdx.json"
    settle "$2"
    rm -f "$file"
    # Sorted, with the commit's time, without the owner and the other fields of Unix.
    python3 - "$2" "$file" <<'PY'
import os, sys, time, zipfile
root, target = sys.argv[1:]
moment = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
names = sorted(os.path.relpath(os.path.join(folder, name), root) for folder, _, files in os.walk(root) for name in files)
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name in names:
        entry = zipfile.ZipInfo(name.replace(os.sep, "/"), moment)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with open(os.path.join(root, name), "rb") as file:
            archive.writestr(entry, file.read())
PY
}

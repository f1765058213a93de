#!/usr/bin/env python3
"""What a package is made of, from the lock file and the packages that were restored by it.

usage: bill.py notices|sbom RID VERSION COMMIT_TIME

notices prints every dependency with its licence and notices; sbom prints a CycloneDX 1.5 document. Both depend on
nothing but their inputs, so that they come out the same everywhere.
"""

import base64
import glob
import json
import os
import re
import sys
import uuid
from datetime import datetime, timezone

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PACKAGES = os.environ.get("NUGET_PACKAGES", os.path.expanduser("~/.nuget/packages"))
# They only work while the agent is built; nothing of them is shipped.
BUILD_ONLY = {"Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.NET.ILLink.Tasks", "Microsoft.DotNet.ILCompiler"}
# The .NET runtime's parts are linked in: these packs hold its licence and notices.
RUNTIME = ["microsoft.netcore.app.runtime.nativeaot.{rid}", "microsoft.netcore.app.runtime.{rid}", "microsoft.aspnetcore.app.runtime.{rid}"]
LICENCE_URLS = {"https://github.com/dotnet/corefx/blob/master/LICENSE.TXT": "MIT"}


def dependencies(rid):
    """Name, version and SHA-512 of every package that is shipped, by name."""
    with open(os.path.join(ROOT, "src/Omis.Agent/packages.lock.json"), encoding="utf-8") as lock:
        frameworks = json.load(lock)["dependencies"]
    found = {}
    for framework in ("net10.0", f"net10.0/{rid}"):
        for name, entry in frameworks.get(framework, {}).items():
            if entry["type"] != "Project" and name not in BUILD_ONLY and not name.startswith("runtime."):
                found[name] = (entry["resolved"], base64.b64decode(entry["contentHash"]).hex())
    return dict(sorted(found.items(), key=lambda pair: pair[0].lower()))


def folder(name, version):
    path = os.path.join(PACKAGES, name.lower(), version.lower())
    if not os.path.isdir(path):
        sys.exit(f"bill: {name} {version} is not in {PACKAGES}: restore first, or set NUGET_PACKAGES")
    return path


def runtime(rid):
    """The packs of the runtime that is linked in. They have the version of the compiler, which the lock file names."""
    with open(os.path.join(ROOT, "src/Omis.Agent/packages.lock.json"), encoding="utf-8") as lock:
        version = json.load(lock)["dependencies"]["net10.0"]["Microsoft.DotNet.ILCompiler"]["resolved"]
    for pattern in RUNTIME:
        path = os.path.join(PACKAGES, pattern.format(rid=rid), version)
        if os.path.isdir(path):
            yield pattern.format(rid=rid), version, path


def nuspec(path):
    with open(glob.glob(os.path.join(path, "*.nuspec"))[0], encoding="utf-8-sig") as file:
        return file.read()


def licence(path):
    text = nuspec(path)
    if found := re.search(r'<license type="expression">([^<]*)', text):
        return found.group(1).strip()
    url = re.search(r"<licenseUrl>([^<]*)", text)
    if url and url.group(1) in LICENCE_URLS:
        return LICENCE_URLS[url.group(1)]
    sys.exit(f"bill: {path} names no licence that is known")


def tag(path, name):
    found = re.search(rf"<{name}>([^<]*)", nuspec(path))
    return found.group(1).strip() if found else None


def texts(path):
    return sorted((file for file in glob.glob(os.path.join(path, "*")) if re.search("licen[sc]e|notice", os.path.basename(file), re.I)), key=os.path.basename)


def read(path):
    with open(path, encoding="utf-8-sig") as file:
        return file.read().replace("\r\n", "\n").strip()


def notices(rid):
    print("Omis Agent contains software of others. Each part, its authors and its licence:\n")
    parts = [(name, version, folder(name, version)) for name, (version, _) in dependencies(rid).items()] + list(runtime(rid))
    wanted, said = set(), {}
    for name, version, path in parts:
        expression = licence(path)
        print(f"{'=' * 79}\n{name} {version}: {expression}")
        for what in ("copyright", "authors", "projectUrl"):
            if value := tag(path, what):
                print(f"{what}: {value}")
        for file in texts(path):
            text = read(file)
            first = said.setdefault(text, f"{name}, {os.path.basename(file)}")
            print(f"\n{text}" if first == f"{name}, {os.path.basename(file)}" else f"\n({os.path.basename(file)}: as of {first})")
        if not any(re.search("licen[sc]e", os.path.basename(file), re.I) for file in texts(path)):
            wanted.add(expression)
        print()
    for expression in sorted(wanted):
        print(f"{'=' * 79}\nThe text of {expression}\n\n{read(os.path.join(ROOT, 'packaging/licences', expression + '.txt'))}\n")


def sbom(rid, version, moment):
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:nuget/{name}@{found}",
            "name": name,
            "version": found,
            "purl": f"pkg:nuget/{name}@{found}",
            "hashes": [{"alg": "SHA-512", "content": digest}],
            "licenses": [{"license": {"id": licence(folder(name, found))}}],
        }
        for name, (found, digest) in dependencies(rid).items()
    ] + [
        {"type": "framework", "bom-ref": f"pkg:nuget/{name}@{found}", "name": name, "version": found, "purl": f"pkg:nuget/{name}@{found}", "licenses": [{"license": {"id": licence(path)}}]}
        for name, found, path in runtime(rid)
    ]
    purl = f"pkg:generic/omis-agent@{version}?os={rid.split('-')[0]}&arch={rid.split('-')[1]}"
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, purl + json.dumps(components, sort_keys=True))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": purl, "name": "omis-agent", "version": version, "purl": purl},
        },
        "components": components,
        "dependencies": [{"ref": purl, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    print(json.dumps(document, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in ("notices", "sbom"):
        sys.exit(__doc__)
    if sys.argv[1] == "notices":
        notices(sys.argv[2])
    else:
        sbom(sys.argv[2], sys.argv[3], int(sys.argv[4]))

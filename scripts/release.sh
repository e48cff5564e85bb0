#!/usr/bin/env bash
# Builds what is given to others, out of the commit that is checked out, into dist/VERSION/:
#   doithoai-VERSION-py3-none-any.whl, doithoai-VERSION.tar.gz   wheel and source
#   doithoai-VERSION-offline.tar.gz                              all wheels for CPython 3.11 to 3.13 on x86-64, with install.sh
#   doithoai_VERSION_amd64.deb                                   for Debian 13
#   doithoai-VERSION.cdx.json                                    what is in it (SBOM, CycloneDX)
#   SHA256SUMS                                                   of all these
# The same commit gives the same bytes: times are the commit's, archives are sorted, every package has the lock file's hash.
# scripts/release.sh --twice builds it a second time elsewhere and compares.
# Wants git, dpkg-deb, Python 3.11 to 3.13 with venv, and the packages of requirements.lock from where pip finds packages.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
SBOM_TOOL="cyclonedx-bom==7.5.0"
umask 022
export LC_ALL=C.UTF-8 TZ=UTC

twice=
case "${1:-}" in
"") ;;
--twice) twice=yes ;;
*)
    echo "usage: scripts/release.sh [--twice]" >&2
    exit 2
    ;;
esac
for tool in git dpkg-deb gzip tar sha256sum; do
    command -v "$tool" >/dev/null || { echo "release: $tool is missing" >&2; exit 1; }
done
find_python
version=$(sed -n 's/^ *version="\([^"]*\)",$/\1/p' setup.py)
contact=$(sed -n 's/^Address: //p' SECURITY.md)
commit=$(git rev-parse HEAD) # of both builds, whatever is committed meanwhile
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$commit")
export SOURCE_DATE_EPOCH

# pack ARCHIVE FOLDER NAME: FOLDER/NAME as an archive that does not tell who made it, when, or in which order.
pack() {
    tar --create --directory "$2" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime "$3" | gzip -9n >"$1"
}

pip_of() { # ENVIRONMENT WORD...
    local environment=$1
    shift
    "$environment/bin/python" -m pip --quiet --disable-pip-version-check --no-input "$@"
}

make_tools() {
    "$python" -m venv "$work/tools"
    awk '/^[a-z0-9]/ { wanted = /^setuptools==/ } wanted' requirements.lock >"$work/tools.txt"
    pip_of "$work/tools" install --require-hashes --requirement "$work/tools.txt"
}

make_source() { # only what git keeps, with the rights that git keeps
    mkdir "$work/source"
    git -c tar.umask=0022 archive "$commit" | tar --extract --directory "$work/source" --no-same-owner
}

make_wheel_and_sdist() {
    local made=$work/made name=doithoai-$version
    mkdir "$made" "$work/unpacked"
    local part
    for part in build_sdist build_wheel; do
        (cd "$work/source" && "$work/tools/bin/python" -c "
import sys, setuptools.build_meta as backend
getattr(backend, sys.argv[1])(sys.argv[2])" "$part" "$made" >/dev/null)
    done
    rm -rf "$work/source/build" "$work/source/doithoai.egg-info"
    cp "$made/$name-py3-none-any.whl" "$out/"
    tar --extract --file "$made/$name.tar.gz" --directory "$work/unpacked" --no-same-owner
    pack "$out/$name.tar.gz" "$work/unpacked" "$name" # setuptools writes the time of the build into it
}

make_wheelhouse() {
    "$work/tools/bin/python" scripts/release/wheelhouse.py requirements.lock "$work/wheelhouse" \
        "$out/doithoai-$version-py3-none-any.whl"
}

make_bundle() {
    local name=doithoai-$version-offline
    mkdir "$work/$name"
    cp -r "$work/wheelhouse" "$work/$name/wheelhouse"
    cp -r "$work/source/docs" service.unit SECURITY.md CHANGELOG.md LICENSE "$work/$name/"
    cp scripts/release/install-bundle.sh "$work/$name/install.sh"
    mkdir "$work/$name/extra"
    cp scripts/doithoai-web.service scripts/release/doithoai-backup.* scripts/release/backup.sh scripts/release/backup.conf \
        scripts/release/grafana-dashboard.json scripts/release/alert-rules.yml scripts/take_back.py \
        "$work/doithoai.1" "$work/doithoai.bash" "$work/$name/extra/"
    (cd "$work/$name" && find . -type f -printf '%P\n' | sort | xargs sha256sum >"$work/sums" && mv "$work/sums" SHA256SUMS)
    pack "$out/$name.tar.gz" "$work" "$name"
}

# What the wheelhouse installs, in an environment without pip: the SBOM and the manual page are made from it.
make_whole() {
    "$python" -m venv --without-pip "$work/whole"
    pip_of "$work/tools" --isolated --python "$work/whole/bin/python" install --no-cache-dir --no-index \
        --find-links "$work/wheelhouse" --no-deps --require-hashes --requirement "$work/wheelhouse/requirements.txt"
    (cd "$work" && whole/bin/python source/scripts/release/man_page.py --man doithoai.1 --completion doithoai.bash)
}

make_sbom() {
    "$python" -m venv "$work/sbom"
    pip_of "$work/sbom" install "$SBOM_TOOL"
    "$work/sbom/bin/cyclonedx-py" environment --output-reproducible --output-format JSON \
        --output-file "$out/doithoai-$version.cdx.json" "$work/whole/bin/python" 2>"$work/sbom.log" ||
        { cat "$work/sbom.log" >&2; return 1; }
}

# fill FILE: the placeholders of the package's own files.
fill() {
    local size
    size=$(du --apparent-size -sk "$root" | cut -f 1)
    sed -i -e "s/@VERSION@/$version/g" -e "s/@CONTACT@/$contact/g" -e "s/@SIZE@/$size/g" \
        -e "/@LICENCE@/{r LICENSE
d}" "$1"
}

make_deb() {
    local root=$work/deb from=scripts/release
    local top=$root/opt/doithoai share=$root/usr/share
    local documents=$share/doc/doithoai
    install -d "$root/DEBIAN" "$top/bin" "$top/scripts" "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/etc/doithoai" \
        "$share/man/man1" "$share/bash-completion/completions" "$share/doithoai" "$documents"
    install -m 755 $from/deb/run "$top/bin/doithoai"
    install -m 755 $from/deb/run "$top/bin/python"
    install -m 755 $from/backup.sh "$top/bin/doithoai-backup"
    install -m 644 scripts/take_back.py "$top/scripts/"
    ln -s /opt/doithoai/bin/doithoai "$root/usr/bin/doithoai"
    # Of the wheels, those that Debian 13's Python can use.
    install -d "$top/wheelhouse"
    find "$work/wheelhouse" -type f ! -name '*-cp31[12]-cp31[12]-*' -exec install -m 644 -t "$top/wheelhouse" {} +
    install -m 644 service.unit "$root/usr/lib/systemd/system/doithoai.service"
    install -m 644 scripts/doithoai-web.service $from/doithoai-backup.service $from/doithoai-backup.timer \
        "$root/usr/lib/systemd/system/"
    install -m 644 $from/backup.conf "$root/etc/doithoai/"
    gzip -9n <"$work/doithoai.1" >"$share/man/man1/doithoai.1.gz"
    install -m 644 "$work/doithoai.bash" "$share/bash-completion/completions/doithoai"
    install -m 644 $from/grafana-dashboard.json $from/alert-rules.yml "$share/doithoai/"
    gzip -9n <CHANGELOG.md >"$documents/changelog.gz"
    install -m 644 $from/deb/copyright docs/*.md SECURITY.md "$documents/"
    fill "$documents/copyright"
    local file
    for file in conffiles control; do
        install -m 644 "$from/deb/$file" "$root/DEBIAN/"
        fill "$root/DEBIAN/$file"
    done
    for file in preinst postinst prerm postrm; do
        install -m 755 "$from/deb/$file" "$root/DEBIAN/"
        fill "$root/DEBIAN/$file"
    done
    (cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs md5sum >DEBIAN/md5sums)
    find "$root" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
    # The wheels are packed already; gzip's output depends on no number of processors.
    dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" "$out/doithoai_${version}_amd64.deb" >/dev/null
}

# build FOLDER: everything into FOLDER.
build() {
    out=$1 work=$(mktemp -d)
    # shellcheck disable=SC2064 # this build's folder is meant, not the one of a later build
    trap "rm -rf '$work'" EXIT
    mkdir -p "$out"
    out=$(cd "$out" && pwd)
    make_source
    cd "$work/source"
    run_quiet "making the build tools" make_tools
    run_quiet "building wheel and source archive" make_wheel_and_sdist
    run_quiet "collecting the wheels of $(grep -c '^[a-z0-9]' requirements.lock) packages" make_wheelhouse
    run_quiet "installing them, writing the manual page" make_whole
    run_quiet "packing the offline bundle" make_bundle
    run_quiet "writing the SBOM" make_sbom
    run_quiet "packing the Debian package" make_deb
    (cd "$out" && sha256sum doithoai* >SHA256SUMS)
    cd "$here"
    rm -rf "$work"
}

here=$PWD
say "Doithoai $version, commit ${commit:0:7}"
if [ -n "$(git status --porcelain)" ]; then say "what is not committed is not in it"; fi
if ! git tag --points-at "$commit" | grep -qx "v$version"; then say "the commit bears no tag v$version"; fi
case "$contact" in *.example) say "SECURITY.md still has the example's address" ;; esac
rm -rf "dist/$version"
build "dist/$version"
if [ -n "$twice" ]; then
    again=$(mktemp -d)
    build "$again"
    if ! diff "dist/$version/SHA256SUMS" "$again/SHA256SUMS"; then
        say "FAILED: the second build differs, see $again"
        exit 1
    fi
    rm -rf "$again"
    say "built twice, the same bytes"
fi
cat "dist/$version/SHA256SUMS"

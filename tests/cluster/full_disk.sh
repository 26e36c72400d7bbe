#!/bin/bash
# A study whose disk is full: it says so with exit code 1 and leaves nothing half-written, whenever that happens, and goes on
# to the same bytes when there is room.
#
#   tests/cluster/full_disk.sh PROGRAM
source "$(dirname "$0")/common.sh"
if [ "${2:-}" != inside ]; then
    if ! unshare --user --map-root-user --mount true 2> /dev/null; then
        echo 'skipped: no file system of its own can be mounted on this machine'
        exit 0
    fi
    cd "$here"
    unshare --user --map-root-user --mount "./$(basename "$0")" "$program" inside
    exit
fi
options=(example.toml --replications 20 --set observation.end=2026-04-01)
"$program" compare "${options[@]}" --output here --quiet > here.txt
mkdir small
mount -t tmpfs -o size=16k none small
trap 'umount small; rm -rf "$work"' EXIT
# From where not even the chunks fit to where all but the page does.
for kilobytes in 16 40 100 300 600 900 1200; do
    mount -o "remount,size=${kilobytes}k" none small
    code=0
    "$program" compare "${options[@]}" --output small --threads 1 > there.txt 2> there.log || code=$?
    test "$code" = 1
    grep -q 'No space left on device' there.log
    echo "full at $kilobytes kB: $(find small -type f | wc -l) files"
    for file in $(find small -name '*.json'); do python3 -m json.tool "$file" > parsed; done
done
mount -o remount,size=64m none small
"$program" study resume small/example --quiet > there.txt 2> there.log
test ! -s there.log
cmp here.txt there.txt
same_results here small
echo 'with room again: the same bytes'

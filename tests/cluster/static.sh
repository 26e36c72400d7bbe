#!/bin/bash
# A static program works on the chunks that the usual one has laid down, and both come to the same bytes; drawings are exempt.
#
#   tests/cluster/static.sh PROGRAM STATIC_PROGRAM
static=$(realpath "$2")
source "$(dirname "$0")/common.sh"
scenarios=$here/../../scenarios

case "$(ldd "$static" 2>&1)" in
    *'statically linked'* | *'not a dynamic executable'*) ;;
    *) echo "$static is not static"; exit 1 ;;
esac

options=("$scenarios/november-2024.toml" --replications 2 --set observation.end=2025-05-01)
"$program" compare "${options[@]}" --output usual --quiet > usual.txt
"$program" study plan "${options[@]}" --output static --chunk-runs 3 --quiet
study=static/november-2024
for chunk in $(seq 0 3); do "$static" study work "$study" --chunk "$chunk" --quiet; done
"$static" study merge "$study" --quiet > static.txt
cmp usual.txt static.txt
same_results usual static --exclude=plots --exclude=report.html
echo "the same bytes: runs of $(chunks "$study") chunks, tables and summaries"

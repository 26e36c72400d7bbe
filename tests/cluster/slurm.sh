#!/bin/bash
# A study through a real Slurm of four nodes on this machine: a task, a node with its task, and the controller are killed in
# the middle. Every run is in the merged results once, and they have the bytes of the study made here.
#
#   tests/cluster/slurm.sh PROGRAM [RUNS]    RUNS of each of two sets: 200 without it, 1000 and more for the full test
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
runs=${2:-200}
nodes="$here/slurm_nodes.sh"
work=$(mktemp -d)
trap '"$nodes" stop; rm -rf "$work"' EXIT
cd "$work"
# A name that would run something if any shell ever read it.
out="by \$(touch slipped) it's; touch slipped"

say() { printf '%4d s  %s\n' "$SECONDS" "$1"; }
chunks() { find "$1" -path '*/chunks/*' -name '*-[0-9]*' 2> /dev/null | wc -l; }
wait_for() {
    for _ in $(seq 600); do
        if [ "$(chunks "$out")" -ge "$1" ] || ! kill -0 "$study" 2> /dev/null; then return; fi
        sleep 0.2
    done
}

kill_a_task() {
    for _ in $(seq 200); do
        if pkill -9 -f -o 'study work'; then return; fi
        sleep 0.05
    done
    echo 'no task ran that could be killed' >&2
    exit 1
}

"$program" init > /dev/null 2>&1
options=(example.toml --replications "$runs" --set observation.end=2026-12-01)
"$program" compare "${options[@]}" --output here --quiet > here.txt
say "made here: $((2 * runs)) runs"

if ! "$nodes" start 4; then
    echo 'skipped: Slurm does not start on this machine'
    exit 0
fi
"$program" compare "${options[@]}" --output "$out" --on slurm --chunk-runs "$((runs / 20))" > slurm.txt 2> slurm.log &
study=$!
wait_for 5
kill_a_task
say 'a task is killed'
wait_for 10
for _ in $(seq 200); do
    victim=$(squeue --noheader --states=running --format=%N | head -n 1)
    if [ -n "$victim" ]; then break; fi
    sleep 0.05
done
test -n "$victim"
pkill -9 -f "slurmd -N $victim" || true
job=$(squeue --noheader --states=running --nodelist="$victim" --format=%A | head -n 1)
for step in $(pgrep -f "slurmstepd: \[$job\." || true); do
    pkill -9 -P "$step" || true
    kill -9 "$step" || true
done
say "node $victim is killed with its task"
sleep 2
pkill -9 -x slurmctld && say 'the controller is killed'
sleep 3
"$nodes" controller
"$nodes" node "$victim"
say 'controller and node are back'
# The controller remembers what was true some seconds before it was killed. It asks the nodes what they run every few minutes,
# and at once when told to; tasks younger than its patience for a start would count as starting still.
sleep 25
scontrol reconfigure
if ! wait "$study"; then
    cat slurm.log
    exit 1
fi
say 'made by Slurm'

cmp here.txt slurm.txt
diff -r --exclude=chunks --exclude=study --exclude=provenance.json here "$out"
test -z "$(find "$work" -name slipped)"
grep -q '"engine": "Slurm"' "$out/example/provenance.json"
grep -q "\"runs\": $((2 * runs))" "$out/example/provenance.json"
say "the same bytes, every run once: $((2 * runs)) runs in $(chunks "$out") files"

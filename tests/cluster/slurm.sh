#!/bin/bash
# A study through a real Slurm of four nodes on this machine: a task, a node with its task, and the controller are killed in
# the middle. Every run is in the merged results once, and they have the bytes of the study made here. Then one of which so many
# chunks may run at once, and one of which a chunk fails whenever it is made: it is named, the rest is finished, and the study
# goes on when the cause is gone.
#
#   tests/cluster/slurm.sh PROGRAM [RUNS]    RUNS of each of two sets: 200 without it, 1000 and more for the full test
source "$(dirname "$0")/common.sh"
runs=${2:-200}
# A name that would run something if any shell ever read it.
out="by \$(touch slipped) it's; touch slipped"

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

options=(example.toml --replications "$runs" --set observation.end=2026-12-01)
"$program" compare "${options[@]}" --output here --quiet > here.txt
say "made here: $((2 * runs)) runs"

start_slurm 4
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
same_results here "$out"
test -z "$(find "$work" -name slipped)"
grep -q '"engine": "Slurm"' "$out/example/provenance.json"
grep -q "\"runs\": $((2 * runs))" "$out/example/provenance.json"
say "the same bytes, every run once: $((2 * runs)) runs in $(chunks "$out") files"

# So many at once of the whole study, though it takes several arrays. What was lost and came again may still be there.
for _ in $(seq 300); do
    if [ -z "$(squeue --noheader)" ]; then break; fi
    sleep 0.2
done
few=(example.toml --replications 12 --set observation.end=2026-03-01 --quiet)
"$program" compare "${few[@]}" --output few > few.txt
# Long enough to be seen.
printf '#!/bin/sh\nsleep 1\n{work}\n' > slow.sh
"$program" compare "${few[@]}" --output throttled --on slurm --chunk-runs 1 --at-once 2 --template slow.sh > throttled.txt 2> throttled.log &
study=$!
most=0
while kill -0 "$study" 2> /dev/null; do
    running=$(squeue --noheader --array --states=running | wc -l)
    if [ "$running" -gt "$most" ]; then most=$running; fi
    sleep 0.1
done
wait "$study"
cmp few.txt throttled.txt
test "$most" -ge 1
test "$most" -le 2
say "$(chunks throttled) chunks in arrays of 16, at most $most at once"

# A chunk that fails always: nothing that this program could know of.
printf '#!/bin/sh\nif [ "$SLURM_ARRAY_TASK_ID" = 1 ]; then exit 1; fi\n{work}\n' > fails.sh
code=0
"$program" compare "${few[@]}" --output failing --on slurm --chunk-runs 6 --template fails.sh > failing.txt 2> failing.log || code=$?
test "$code" = 1
grep -q 'chunks 1: ended 3 times without a result' failing.log
test "$("$program" study merge failing/example 2>&1 | grep -c '1 of 4 chunks are to be made: 1')" = 1
say 'a chunk that fails always is named, the others are finished'
"$program" study resume failing/example --on slurm --quiet > resumed.txt
cmp few.txt resumed.txt
same_results few failing
say 'and made when the cause is gone: the same bytes'

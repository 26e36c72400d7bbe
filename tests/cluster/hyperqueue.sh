#!/bin/bash
# A study through a real HyperQueue on this machine: a worker and the server are killed in the middle. Every run is in the
# merged results once, and they have the bytes of the study made here. Needs hq on the path.
#
#   tests/cluster/hyperqueue.sh PROGRAM [RUNS]    RUNS of each of two sets
source "$(dirname "$0")/common.sh"
runs=${2:-200}
export HQ_SERVER_DIR="$work/hq"
server() {
    hq server start --host 127.0.0.1 --journal "$work/journal" --journal-flush-period 1s > "$work/server.log" 2>&1 &
    server=$!
    hq server wait --timeout 20s
}
worker() { hq worker start --cpus 1 > "$work/worker-$1.log" 2>&1 & }
trap 'hq server stop > /dev/null 2>&1 || true; rm -rf "$work"' EXIT

options=(example.toml --replications "$runs" --set observation.end=2026-04-01)
"$program" compare "${options[@]}" --output here --quiet > here.txt
say "made here: $((2 * runs)) runs"

server
worker 1
victim=$!
worker 2
"$program" compare "${options[@]}" --output queue --on hyperqueue --chunk-runs "$((runs / 40))" > queue.txt 2> queue.log &
study=$!
sleep 2
kill -9 "$victim" && say 'a worker is killed'
sleep 1
kill -9 "$server" && say 'the server is killed'
sleep 1
server
worker 3
if ! wait "$study"; then
    cat queue.log
    exit 1
fi
cmp here.txt queue.txt
same_results here queue
say "the same bytes, every run once: $((2 * runs)) runs"

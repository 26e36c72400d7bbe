#!/bin/bash
# What Slurm costs: the time of a study through two nodes of one core each, over its time on two threads here.
#
#   tests/cluster/overhead.sh PROGRAM [RUNS]    RUNS of each of two sets; chunks of a minute, as a few runs tell
source "$(dirname "$0")/common.sh"
runs=${2:-2000}
options=(example.toml --replications "$runs" --quiet)
began=$(date +%s.%N)
"$program" compare "${options[@]}" --threads 2 --output here > here.txt
middle=$(date +%s.%N)
start_slurm 2
started=$(date +%s.%N)
"$program" compare "${options[@]}" --on slurm --output slurm > slurm.txt
ended=$(date +%s.%N)
cmp here.txt slurm.txt
chunks=$(grep -o '"runs_a_chunk":[0-9]*' slurm/example/study/rounds/*.json)
awk -v began="$began" -v middle="$middle" -v started="$started" -v ended="$ended" -v chunks="$chunks" 'BEGIN {
    here = middle - began; slurm = ended - started
    printf "here %.1f s, through Slurm %.1f s (%s): %.2f times\n", here, slurm, chunks, slurm / here
}'

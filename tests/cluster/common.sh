# What the tests of this folder begin with, to be sourced: the program is the first argument, the work is done in an empty
# folder, which holds the example as example.toml.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
nodes="$here/slurm_nodes.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$program" init > /dev/null 2>&1

say() { printf '%4d s  %s\n' "$SECONDS" "$1"; }

# Whether two folders hold the same results, drawings and tables as well; more names to leave out may follow.
same_results() {
    local one=$1 other=$2
    shift 2
    diff -r --exclude=chunks --exclude=study --exclude=provenance.json "$@" "$one" "$other"
}

# The files of finished chunks below a folder.
chunks() { find "$1" -path '*/chunks/*' -name '*-[0-9]*' 2> /dev/null | wc -l; }

# Slurm with so many nodes of one core; where it does not start, the test ends here.
start_slurm() {
    trap '"$nodes" stop; rm -rf "$work"' EXIT
    if ! "$nodes" start "$1"; then
        echo 'skipped: Slurm does not start on this machine'
        exit 0
    fi
}

#!/bin/bash
# A Slurm cluster of several nodes on this machine, for tests: everything listens on the loopback only. Needs root and Debian.
#
#   slurm_nodes.sh start NODES    installs what is missing, starts the controller and NODES nodes of one core each
#   slurm_nodes.sh controller     starts the controller again
#   slurm_nodes.sh node NAME      starts a node again
#   slurm_nodes.sh stop           stops all of it
set -eu
state=/var/spool/pleiade-slurm
host=$(hostname -s)

controller() {
    slurmctld
}

node() {
    slurmd -N "$1"
}

configuration() {
    cat <<EOF
ClusterName=pleiade
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$state/controller
SlurmdSpoolDir=$state/%n
SlurmctldPidFile=$state/controller.pid
SlurmdPidFile=$state/%n.pid
SlurmctldLogFile=$state/controller.log
SlurmdLogFile=$state/%n.log
# No control groups, no accounting, no MPI: a container has none of them.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=default_queue_depth=1000,batch_sched_delay=0,sched_interval=1,bf_interval=2
# A controller that holds few jobs at once, and forgets soon those that have ended.
MaxJobCount=60
# Arrays are short.
MaxArraySize=16
MinJobAge=5
# A lost node is seen soon and comes back by itself.
SlurmdTimeout=15
ReturnToService=2
MaxNodeCount=64
TreeWidth=65533
EOF
    for number in $(seq "$1"); do
        echo "NodeName=n$number NodeHostname=$host NodeAddr=127.0.0.1 Port=$((16900 + number)) CPUs=1 RealMemory=1000 State=UNKNOWN"
    done
    echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP"
}

start() {
    command -v slurmctld munged > /dev/null ||
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge > /dev/null
    grep -qw "$host" /etc/hosts || echo "127.0.0.1 $host" >> /etc/hosts
    mkdir -p /etc/slurm /run/munge "$state/controller"
    for number in $(seq "$1"); do mkdir -p "$state/n$number"; done
    configuration "$1" > /etc/slurm/slurm.conf
    if ! pgrep -x munged > /dev/null; then
        chown munge: /run/munge
        runuser -u munge -- /usr/sbin/munged
    fi
    for _ in $(seq 20); do
        munge -n 2> /dev/null | unmunge > /dev/null 2>&1 && break
        sleep 0.5
    done
    controller
    for number in $(seq "$1"); do node "n$number"; done
    for _ in $(seq 60); do
        [ "$(sinfo --noheader --states=idle --format=%D | head -n 1)" = "$1" ] && return
        sleep 0.5
    done
    sinfo
    echo "the nodes did not come up" >&2
    exit 1
}

stop() {
    for name in slurmctld slurmd slurmstepd; do pkill -9 -x "$name" || true; done
    pkill -x munged || true
    rm -rf "$state"
}

case "$1" in
    start) start "$2" ;;
    controller) controller ;;
    node) node "$2" ;;
    stop) stop ;;
    *) sed -n 's/^#   //p' "$0"; exit 2 ;;
esac

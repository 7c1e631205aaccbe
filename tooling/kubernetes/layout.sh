# Names and places of the cluster that the tests run on. Read by the other scripts here.
state=/var/lib/glovebox-test-cluster
programs=${GLOVEBOX_KUBERNETES_PROGRAMS:-$state/programs}
certificates=$state/certificates
control=glovebox-control
group=glovebox-test
nodes="node-1 node-2"
# Started by tests that lose a node: only pods that tolerate the taint `glovebox.test/spare` run there.
spare_node=node-3
registry_port=5051

# Two kinds of addresses: those of the nodes, and for each node those of its pods.
control_address=10.213.0.1
host_address=10.213.0.254
service_network=10.213.1.0/24
service_address=10.213.1.1
name_server_address=10.213.1.10
other_addresses="169.254.169.254 1.1.1.1 8.8.8.8"
node_address() { echo "10.213.0.1${1#node-}"; }
pod_network() { echo "10.213.1${1#node-}.0/24"; }

# Runs a command within a network namespace.
within() {
  namespace=$1
  shift
  nsenter --net="/run/netns/$namespace" "$@"
}

# Ends every process of a network namespace, and removes the namespace with its interfaces and rules.
remove_network() {
  [ -e "/run/netns/$1" ] || return 0
  for _ in $(seq 100); do
    left=$(ip netns pids "$1" 2>/dev/null) || left=
    [ -n "$left" ] || break
    kill -KILL $left 2>/dev/null || true
    sleep 0.1
  done
  ip netns del "$1"
}

cgroup_hierarchies() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
  else
    for hierarchy in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do echo "/sys/fs/cgroup/$hierarchy"; done
  fi
}

# Removes the control groups of a node, which have no processes.
remove_cgroups() {
  for hierarchy in $(cgroup_hierarchies); do
    [ ! -d "$hierarchy/$group/$1" ] || find "$hierarchy/$group/$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

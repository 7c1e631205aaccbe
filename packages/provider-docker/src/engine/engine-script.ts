/** Where the state of an engine that was started here lies. Below /run, because it means nothing after a reboot. */
export const engineState = "/run/glovebox-engine";

/** Who an engine is: a process number alone may belong to another process by then. */
const identity = `
who() { # the start time of a process in this boot; fails when there is none, or only its remains
  stat=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
  case $stat in "" | Z*) return 1 ;; esac
  echo "$1 $(echo "$stat" | cut -d' ' -f20) $(cat /proc/sys/kernel/random/boot_id)"
}
ours() { # prints the engine's process number if it is the one that was started here
  { read -r pid _ < "$state/engine"; } 2>/dev/null || return 1
  test "$(who "$pid")" = "$(cat "$state/engine")" && echo "$pid"
}
alive_as() { # whether the process in a pid file is a program of that name
  test -s "$1" && test "$(cat "/proc/$(cat "$1")/comm" 2>/dev/null)" = "$2"
}
`;

/** Arguments: the state directory. Starts dockerd in a session of its own, unless it runs. */
export const startScript = `set -eu
state=$1
umask 022
mkdir -p "$state"
exec 9> "$state/lock"
flock 9
${identity}
if ours > /dev/null; then exit 0; fi
# A pid file whose number another process has by now would keep the engine from starting.
alive_as /var/run/docker.pid dockerd || rm -f /var/run/docker.pid
alive_as /var/run/docker/containerd/containerd.pid containerd || rm -f /var/run/docker/containerd/containerd.pid
setsid dockerd --bip 172.17.0.1/16 --pidfile "$state/dockerd.pid" > "$state/log" 2>&1 < /dev/null 9>&- &
# One that has ended already is recorded as well: its end is what will be asked about.
who $! > "$state/engine" || echo "$! ended" > "$state/engine"
`;

/** Arguments: the state directory. Records an engine that systemd started, for {@link stopScript}. */
export const startSystemdScript = `set -eu
state=$1
umask 022
systemctl start docker
mkdir -p "$state"
${identity}
who "$(systemctl show --property MainPID --value docker)" > "$state/engine"
touch "$state/systemd"
`;

/** Arguments: the state directory. Prints \`running\`, \`ended\` or \`none\`, and for \`ended\` the end of the engine's log. */
export const statusScript = `state=$1
${identity}
if ! test -e "$state/engine"; then echo none; exit 0; fi
if ours > /dev/null; then echo running; else echo ended; tail -n 15 "$state/log" 2>/dev/null; fi
`;

/** Arguments: the state directory. Stops what was started here, containerd with it, and removes what it leaves. */
export const stopScript = `set -eu
state=$1
exec 9> "$state/lock"
flock 9
${identity}
pid=$(ours) || { rm -rf "$state"; echo none; exit 0; }
if test -e "$state/systemd"; then
  systemctl stop docker.socket docker.service
else
  containerd=$(cat /var/run/docker/containerd/containerd.pid 2>/dev/null || true)
  kill -TERM "$pid"
  gone() { # waits up to $2 tenths of a second for a process to end
    n=0
    while who "$1" > /dev/null; do
      n=$((n + 1)); test "$n" -le "$2" || return 1; sleep 0.1
    done
  }
  gone "$pid" 300 || { kill -KILL "$pid"; gone "$pid" 50; }
  if test -n "$containerd" && test "$(cat "/proc/$containerd/comm" 2>/dev/null)" = containerd; then
    gone "$containerd" 50 || { kill -TERM "$containerd"; gone "$containerd" 50 || { kill -KILL "$containerd"; gone "$containerd" 50; }; }
  fi
  rm -f /var/run/docker.sock /var/run/docker/metrics.sock
  rm -f /var/run/docker/containerd/containerd.pid /var/run/docker/containerd/*.sock /var/run/docker/containerd/*.ttrpc
fi
rm -rf "$state"
echo stopped
`;

import type { SandboxRecord } from "../sandbox/sandbox-record.ts";
import {
  supervisorConfigVariable,
  supervisorDirectory,
  supervisorEgressPort,
  supervisorPort,
  supervisorTtlMs,
} from "./supervisor-facts.ts";
import { supervisorDigest } from "./supervisor-source.ts";

/** The same for every image. */
const path =
  "/home/agent/.npm-global/bin:/home/agent/.local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The container's first process. It reaps orphaned processes, which the supervisor does not. If the image lacks the supervisor
 * or has another version, it creates the file `wanted` and waits until the Worker has written the supervisor, whose standard
 * input must be a pipe, here an empty one. With a root inside, the agent can use sudo without a password, and apt gets the
 * egress proxy from a file, because it reads no variables.
 */
const script = `
file=${supervisorDirectory}/supervisor.cjs
matches() { [ "$(sha256sum "$file" 2>/dev/null | cut -d ' ' -f 1)" = "$GLOVEBOX_DIGEST" ]; }
if ! matches; then
  mkdir -p ${supervisorDirectory}
  : > ${supervisorDirectory}/wanted
  until matches; do sleep 0.05; done
  rm -f ${supervisorDirectory}/wanted
fi
if [ -n "$GLOVEBOX_ROOT" ]; then
  mkdir -p /etc/sudoers.d /etc/apt/apt.conf.d
  printf '%s\\n' 'agent ALL=(ALL:ALL) NOPASSWD: ALL' 'Defaults !env_reset, always_set_home' \\
    'Defaults !pam_session, !pam_setcred, !use_pty' > /etc/sudoers.d/glovebox
  chmod 0440 /etc/sudoers.d/glovebox
  [ ! -e /etc/shadow ] || sed -i 's/^root:[^:]*:/root::/' /etc/shadow
  echo 'Acquire::http::Proxy "http://127.0.0.1:${supervisorEgressPort}";' > /etc/apt/apt.conf.d/99glovebox
fi
node=${supervisorDirectory}/bin/node
[ -x "$node" ] || node=node
umask 022
# As on every provider, /tmp survives neither a snapshot nor a stop.
find /tmp -mindepth 1 -delete
mkdir -p -m 0700 /run/glovebox
: | $GLOVEBOX_PRIVILEGES "$node" "$file" serve &
pid=$!
trap 'kill -TERM $pid' TERM
while kill -0 $pid 2> /dev/null; do wait $pid; code=$?; done
exit $code
`;

/** The supervisor's privileges. Its children cannot gain more: sudo does not work. */
const minimalPrivileges = "setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+setuid,+setgid,+kill --";
/** With a root inside: everything except raw packets and routes, which could bypass the disabled network. */
const rootPrivileges = "setpriv --inh-caps=-all --bounding-set=-net_raw,-net_admin --";

/** Returns the container's first process and its environment. */
export async function mainProcess(
  record: SandboxRecord,
): Promise<{ entrypoint: string[]; env: Record<string, string> }> {
  const config = {
    ...record.supervisor,
    ttlMs: supervisorTtlMs,
    rootInside: record.rootInside,
    endpoint: { port: supervisorPort, token: record.endpointToken },
  };
  return {
    entrypoint: ["/bin/sh", "-c", script],
    env: {
      PATH: path,
      LANG: "C.UTF-8",
      [supervisorConfigVariable]: JSON.stringify(config),
      GLOVEBOX_DIGEST: await supervisorDigest(),
      GLOVEBOX_PRIVILEGES: record.rootInside ? rootPrivileges : minimalPrivileges,
      GLOVEBOX_ROOT: record.rootInside ? "1" : "",
    },
  };
}

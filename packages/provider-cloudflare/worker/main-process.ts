import type { BoxRecord } from "./box-record.ts";
import {
  doorPort,
  supervisorConfigVariable,
  supervisorEgressPort,
  supervisorFolder,
  supervisorTtlMs,
} from "./supervisor-facts.ts";
import { supervisorDigest } from "./supervisor-source.ts";

/** The same on every image, whatever the image itself sets. */
const path =
  "/home/agent/.npm-global/bin:/home/agent/.local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The container's first process. It reaps what loses its parent, which the supervisor does not. Where the image lacks the
 * supervisor, or holds another version, it says so in a file and waits until the Worker has written it. The supervisor takes
 * a pipe for its input, not a device; this one has ended. Where a root inside was asked for, the agent becomes it without a
 * password, and its programs find the way out as the agent's do: apt by a file, as it takes no variables.
 */
const script = `
file=${supervisorFolder}/supervisor.cjs
right() { [ "$(sha256sum "$file" 2>/dev/null | cut -d ' ' -f 1)" = "$GLOVEBOX_DIGEST" ]; }
if ! right; then
  mkdir -p ${supervisorFolder}
  : > ${supervisorFolder}/wanted
  until right; do sleep 0.05; done
  rm -f ${supervisorFolder}/wanted
fi
if [ -n "$GLOVEBOX_ROOT" ]; then
  mkdir -p /etc/sudoers.d /etc/apt/apt.conf.d
  printf '%s\\n' 'agent ALL=(ALL:ALL) NOPASSWD: ALL' 'Defaults !env_reset, always_set_home' \\
    'Defaults !pam_session, !pam_setcred, !use_pty' > /etc/sudoers.d/glovebox
  chmod 0440 /etc/sudoers.d/glovebox
  [ ! -e /etc/shadow ] || sed -i 's/^root:[^:]*:/root::/' /etc/shadow
  echo 'Acquire::http::Proxy "http://127.0.0.1:${supervisorEgressPort}";' > /etc/apt/apt.conf.d/99glovebox
fi
node=${supervisorFolder}/bin/node
[ -x "$node" ] || node=node
umask 022
# As everywhere else, what is there is not kept: neither in a snapshot nor over the end of a lease.
find /tmp -mindepth 1 -delete
mkdir -p -m 0700 /run/glovebox
: | $GLOVEBOX_RIGHTS "$node" "$file" serve &
pid=$!
trap 'kill -TERM $pid' TERM
while kill -0 $pid 2> /dev/null; do wait $pid; code=$?; done
exit $code
`;

/** The rights that the supervisor needs, and no child of it can have more: sudo does not work inside. */
const fewRights = "setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+setuid,+setgid,+kill --";
/** A root of the sandbox's own does everything but what would lead past its shut network: packets and routes of its own. */
const rootsRights = "setpriv --inh-caps=-all --bounding-set=-net_raw,-net_admin --";

/** What a container is started with: its first process and that one's environment. */
export async function mainProcess(record: BoxRecord): Promise<{ entrypoint: string[]; env: Record<string, string> }> {
  const config = {
    ...record.supervisor,
    ttlMs: supervisorTtlMs,
    door: { port: doorPort, token: record.doorToken },
  };
  return {
    entrypoint: ["/bin/sh", "-c", script],
    env: {
      PATH: path,
      LANG: "C.UTF-8",
      [supervisorConfigVariable]: JSON.stringify(config),
      GLOVEBOX_DIGEST: await supervisorDigest(),
      GLOVEBOX_RIGHTS: record.rootInside ? rootsRights : fewRights,
      GLOVEBOX_ROOT: record.rootInside ? "1" : "",
    },
  };
}

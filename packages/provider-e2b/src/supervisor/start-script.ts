import { sandboxUser } from "@glovebox/core/provider";
import { supervisorConfigVariable, supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import { sandboxPaths, supervisorPort } from "./sandbox-paths.ts";

/** Exit code of the script if the sandbox is not set up. */
export const notSetUpExitCode = 41;

/** The parameters of the script. Only the configuration and the token are secret. */
export const startVariables = {
  config: supervisorConfigVariable,
  token: "GLOVEBOX_ENDPOINT_TOKEN",
  /** `1`: kill processes of an earlier start first. */
  fresh: "GLOVEBOX_FRESH",
  /** The digest that the sandbox must have been set up with. Default: any. */
  setUp: "GLOVEBOX_SET_UP",
  rootInside: "GLOVEBOX_ROOT_INSIDE",
  openFiles: "GLOVEBOX_OPEN_FILES",
  /** `1`: no network access, so remove proxy variables from the sandbox's environment. */
  isClosed: "GLOVEBOX_IS_CLOSED",
} as const;

/** Set in the environment of a sandbox behind a proxy, such as one on the user's own machine. */
const proxyVariables = [
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"],
  ...["NODE_USE_ENV_PROXY", "YARN_HTTP_PROXY", "YARN_HTTPS_PROXY"],
];

const { run, setUp, node } = sandboxPaths;
const port = supervisorPort.toString(16).toUpperCase().padStart(4, "0");
const { uid, home, name } = sandboxUser;

/**
 * Runs in root's shell inside: starts the supervisor unless it is running, waits until its endpoint listens, and prints the
 * endpoint's token. A lock ensures that concurrent calls start one. Parameters are passed in the environment, so that the
 * token is never in an argument.
 */
export const startScript = `
set -eu
umask 077
fresh="\${${startVariables.fresh}:-}"; wanted="\${${startVariables.setUp}:-}"; token="\${${startVariables.token}:-}"
root="\${${startVariables.rootInside}:-}"; files="\${${startVariables.openFiles}:-}"; closed="\${${startVariables.isClosed}:-}"
unset ${Object.values(startVariables)
  .filter((variable) => variable !== startVariables.config)
  .join(" ")} SHLVL OLDPWD
[ -x ${node} ] && [ -f ${setUp} ] || exit ${notSetUpExitCode}
[ -z "$wanted" ] || [ "$(cat ${setUp})" = "$wanted" ] || exit ${notSetUpExitCode}
mkdir -p ${run}
exec 9> ${run}/lock
flock 9
pid=$(cat ${run}/pid 2>/dev/null || true)
alive() { [ -n "$pid" ] && grep -q glovebox "/proc/$pid/cmdline" 2>/dev/null; }
if [ -n "$fresh" ]; then
  if alive; then kill -KILL "$pid" || true; fi
  pid=
  while pkill -KILL -U ${uid}; do sleep 0.01; done
  find /tmp /var/tmp /dev/shm -mindepth 1 -user ${uid} -delete 2>/dev/null || true
fi
if ! alive; then
  [ -n "$token" ] || exit ${notSetUpExitCode}
  printf %s "$token" > ${run}/token
  set -- ${node} ${supervisorPaths.file} ${supervisorModes.serve}
  if [ -n "$root" ]; then
    mkdir -p /etc/sudoers.d
    printf '%s\\n' '${name} ALL=(ALL:ALL) NOPASSWD: ALL' 'Defaults env_keep += "HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy NODE_EXTRA_CA_CERTS SSL_CERT_FILE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE GIT_CONFIG_*"' > /etc/sudoers.d/glovebox
    chmod 440 /etc/sudoers.d/glovebox
  else
    set -- setpriv --no-new-privs -- "$@"
  fi
  [ -z "$files" ] || ulimit -n "$files"
  [ -z "$closed" ] || unset ${proxyVariables.join(" ")}
  export PATH="${home}/.npm-global/bin:${home}/.local/bin:$PATH"
  cd /
  setsid "$@" < /dev/null > ${run}/log 2>&1 9>&- &
  pid=$!
  printf %s "$pid" > ${run}/pid
fi
tries=0
until cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -qE ':${port} 0+:0000 0A'; do
  tries=$((tries + 1))
  if [ "$tries" -gt 1500 ] || ! alive; then cat ${run}/log >&2; exit 1; fi
  sleep 0.01
done
cat ${run}/token
`;

import { supervisorModes, supervisorPaths } from "./supervisor-paths.ts";

/** How a supervisor without root is started. */
export interface UnprivilegedCommandOptions {
  /** How many files each process may have open. Default: what the platform sets. */
  readonly openFiles?: number;
  /** Adds the harnesses' programs and the user's own to the image's `PATH`: for an image that was not made for it. */
  readonly addsPrograms?: boolean;
}

const { busybox, tini, node, file } = supervisorPaths;

/** As the sandbox's own image has it, with the harnesses last: there they are links in /usr/local/bin. */
const addPrograms =
  "export PATH=/home/agent/.npm-global/bin:/home/agent/.local/bin:" +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own variable.
  "${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}:/opt/glovebox/harness/node_modules/.bin";

/**
 * The pipe is that of a here-document, opened for writing once more: it has no name by which another process could reach it. A
 * `read` that fails is a silence of 30 seconds, the pipe's end or a signal; a supervisor speaks every 20. Without a trap,
 * SIGCHLD, which the agent can send, would start the 30 seconds again; with it, `wait` would return the signal in place of the
 * exit code.
 */
const watch = `exec 3<<END
starts
END
exec 4>/proc/self/fd/3
GLOVEBOX_HEARTBEAT=4 ${tini} -s -- ${node} --disable-sigusr1 ${file} ${supervisorModes.serve} 3<&- &
supervisor=$!
exec 4>&-
trap 'kill -TERM $supervisor' TERM
trap : CHLD
silences=0
while [ $silences -lt 3 ]; do
  if read -t 30 -r line <&3; then silences=0; else silences=$((silences + 1)); fi
done
trap - CHLD TERM
kill -KILL $supervisor 2> /dev/null
wait $supervisor`;

/**
 * The command of a container in which nobody is root, as its first process. A shell that the agent can neither kill nor stop
 * watches the supervisor, which the agent can: it ends the container, and with it every process, when the supervisor has
 * ended or has given no heartbeat for one and a half minutes. Its exit code is the supervisor's: 0 means that the lease
 * has ended.
 */
export function unprivilegedCommand({ openFiles, addsPrograms }: UnprivilegedCommandOptions = {}): readonly string[] {
  const limit = openFiles === undefined ? [] : [`ulimit -n ${openFiles}`];
  return [busybox, "sh", "-c", [...limit, ...(addsPrograms ? [addPrograms] : []), watch].join("\n")];
}

import { supervisorModes, supervisorPaths } from "./supervisor-paths.ts";

/** How a supervisor without root is started. */
export interface UnprivilegedCommandOptions {
  /** How many files each process may have open. Default: what the platform sets. */
  readonly openFiles?: number;
}

/**
 * The command of a container in which nobody is root, as its first process. A shell that the agent can neither kill nor stop
 * watches the supervisor, which the agent can: it ends the container, and with it every process, when the supervisor has
 * ended or has given no sign of life for a minute. Its exit code is the supervisor's; 0 means that the lease ended.
 */
export function unprivilegedCommand({ openFiles }: UnprivilegedCommandOptions = {}): readonly string[] {
  const { busybox, tini, node, file } = supervisorPaths;
  const limit = openFiles === undefined ? [] : [`ulimit -n ${openFiles}`];
  const supervisor = `${tini} -s -- ${node} --disable-sigusr1 ${file} ${supervisorModes.serve}`;
  return [busybox, "sh", "-c", [...limit, `exec ${supervisor}`].join("\n")];
}

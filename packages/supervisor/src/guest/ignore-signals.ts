import { isPrivileged } from "./privilege.ts";

/** What an engine's own end of the connection can bring about. */
const byAccident: readonly NodeJS.Signals[] = ["SIGHUP", "SIGPIPE"];

/**
 * What the sandbox's user could send a supervisor of the same user, other than to end it. SIGUSR1 starts Node's
 * inspector unless somebody listens.
 */
const byAgent: readonly NodeJS.Signals[] = [
  "SIGINT",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGSTKFLT",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGXCPU",
  "SIGXFSZ",
  "SIGVTALRM",
  "SIGPROF",
  "SIGIO",
  "SIGPWR",
];

/** Makes signals that mean nothing here do nothing. */
export function ignoreSignals(): void {
  for (const signal of [...byAccident, ...(isPrivileged ? [] : byAgent)]) process.on(signal, () => {});
}

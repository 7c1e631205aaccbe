import { constants } from "node:os";

/** How a process has ended, as clients get it. */
export interface ExitStatus {
  readonly exitCode: number;
  readonly exited: boolean;
  readonly status: string;
  readonly error?: string;
}

/** The system's words for signals. Source: Go's syscall package for Linux, in which E2B's own envd is written. */
const signalWords: Readonly<Record<string, string>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGILL: "illegal instruction",
  SIGTRAP: "trace/breakpoint trap",
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGKILL: "killed",
  SIGUSR1: "user defined signal 1",
  SIGSEGV: "segmentation fault",
  SIGUSR2: "user defined signal 2",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
  SIGXCPU: "CPU time limit exceeded",
  SIGXFSZ: "file size limit exceeded",
  SIGSYS: "bad system call",
};

export function exitStatus(code: number | null, signal: string | null): ExitStatus {
  if (code === 0) return { exitCode: 0, exited: true, status: "exit status 0" };
  if (code !== null)
    return { exitCode: code, exited: true, status: `exit status ${code}`, error: `exit status ${code}` };
  const number = constants.signals[(signal ?? "SIGKILL") as NodeJS.Signals];
  const status = `signal: ${signalWords[signal ?? ""] ?? `signal ${number}`}`;
  return { exitCode: -1, exited: false, status, error: status };
}

/** What ended the program in a terminal: `script` passes a signal on as a shell does. */
export function terminalExitStatus(
  code: number | null,
  signal: string | null,
  sent: NodeJS.Signals | undefined,
): ExitStatus {
  if (sent !== undefined && code === 128 + constants.signals[sent]) return exitStatus(null, sent);
  return exitStatus(code, signal);
}

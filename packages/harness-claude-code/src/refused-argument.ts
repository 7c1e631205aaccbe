/** Why an argument cannot be passed on, and what to do instead. */
export interface RefusedArgument {
  readonly reason: string;
  readonly hint?: string;
}

const automatic = { reason: "the run always sets it" };
const noTask = { reason: "it runs no task" };
const otherSession = {
  reason: "the sandbox is new and holds no earlier conversation",
  hint: "Continue an earlier run with its conversation: `glovebox resume`.",
};
const elsewhere = { reason: "the run is in this sandbox, and nowhere else" };
const background = { reason: "the run waits for the harness" };
const unreachable = { reason: "nothing reaches into the sandbox" };
const noTerminal = { reason: "the run has no terminal" };
const worktree = {
  reason: "the workspace is a copy already, and what lies in a worktree is not applied to your project",
  hint: "Leave it out: the agent works on a copy of its own.",
};

/**
 * Flags that would change how the prompt goes in or what comes out, that start or join something else than this run, or
 * that run no task. Read from `claude --help` of the pinned version and from the flags that its help does not list.
 */
const refused: Readonly<Record<string, RefusedArgument>> = {
  "-p": automatic,
  "--print": automatic,
  "--output-format": { reason: "the output is read by the run" },
  "--input-format": { reason: "the prompt comes from the run" },
  "--include-partial-messages": automatic,
  "--verbose": automatic,
  "--dangerously-skip-permissions": { reason: "the run always sets it: the sandbox is the limit" },
  "--replay-user-messages": { reason: "it needs another input format" },
  "--": { reason: "the prompt travels on standard input" },
  "-c": otherSession,
  "--continue": otherSession,
  "-r": otherSession,
  "--resume": otherSession,
  "--fork-session": otherSession,
  "--from-pr": otherSession,
  "--resume-session-at": otherSession,
  "--resume-drops-turn": otherSession,
  "--reply-on-resume": otherSession,
  "--rewind-files": otherSession,
  "--parent-session-id": otherSession,
  "--bg": background,
  "--background": background,
  "--cloud": elsewhere,
  "--remote": elsewhere,
  "--web": elsewhere,
  "--environment": elsewhere,
  "--pool": elsewhere,
  "--teleport": elsewhere,
  "--sdk-url": elsewhere,
  "--session-mirror": elsewhere,
  "--desktop": { reason: "there is no desktop in the sandbox" },
  "--remote-control": unreachable,
  "--rc": unreachable,
  "--remote-control-session-name-prefix": unreachable,
  "--attach-serve": unreachable,
  "--await-claim": unreachable,
  "--tmux": noTerminal,
  "--agents-view-if-allowed": noTerminal,
  "-w": worktree,
  "--worktree": worktree,
  "--init-only": noTask,
  "-h": noTask,
  "--help": noTask,
  "-v": noTask,
  "--version": noTask,
};

/** Returns the flag of an argument that cannot be passed on to Claude Code, with the reason; `undefined` for others. */
export function refusedArgument(argument: string): ({ readonly flag: string } & RefusedArgument) | undefined {
  const long = argument.split("=", 1)[0] ?? "";
  // `-rID` is `-r ID`, and `-cp` is `-c -p`. All short flags that take no value are refused, so the first letter decides.
  const flag = long.startsWith("--") ? long : long.slice(0, 2);
  const found = refused[flag];
  return found === undefined ? undefined : { flag, ...found };
}

import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";

interface Refusal {
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

/** Read from `opencode run --help` of the pinned version. */
const refused: Readonly<Record<string, Refusal>> = {
  "--format": { reason: "the run reads the output" },
  "--auto": automatic,
  "--thinking": automatic,
  "--title": automatic,
  "-m": { ...automatic, hint: "Use the run's own --model." },
  "--model": { ...automatic, hint: "Use the run's own --model." },
  "--command": { reason: "the prompt names it", hint: "Begin the prompt with /NAME of a command of --command." },
  "-c": otherSession,
  "--continue": otherSession,
  "-s": otherSession,
  "--session": otherSession,
  "--fork": otherSession,
  "--share": { reason: "conversations stay in the sandbox" },
  "--attach": elsewhere,
  "--dir": elsewhere,
  "--port": { reason: "nothing connects to the sandbox" },
  "-p": elsewhere,
  "--password": elsewhere,
  "-u": elsewhere,
  "--username": elsewhere,
  "-i": { reason: "the run has no terminal" },
  "--interactive": { reason: "the run has no terminal" },
  "--": { reason: "the prompt is sent on standard input" },
  "-h": noTask,
  "--help": noTask,
  "-v": noTask,
  "--version": noTask,
};

/** Throws `invalid-options` for arguments that would change the input, the output, the model or the session of a run. */
export function checkExtraArgs(args: readonly string[]): void {
  const [first] = args;
  if (first !== undefined && !first.startsWith("-")) {
    throw new InvalidOptionsError(`OpenCode's arguments must begin with a flag, not with ${JSON.stringify(first)}`, {
      hint: "Pass the prompt to the run itself.",
    });
  }
  for (const argument of args) {
    if (/^-[a-z]{2,}/i.test(argument)) {
      throw new InvalidOptionsError(
        `The argument ${argument} cannot be passed to OpenCode: write short flags separately`,
      );
    }
    // yargs also accepts `--no-x`, and `--fooBar` for `--foo-bar`.
    const flag = (argument.split("=", 1)[0] ?? "").replace(/^--no-/, "--").toLowerCase();
    const found = refused[flag];
    if (found === undefined) continue;
    const { reason, hint } = found;
    throw new InvalidOptionsError(
      `The argument ${flag} cannot be passed to OpenCode: ${reason}`,
      dropUndefined({ hint }),
    );
  }
}

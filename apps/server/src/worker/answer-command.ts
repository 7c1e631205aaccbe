import { createRunStore, measureInside } from "@glovebox/core";
import { InvalidOptionsError, type Sandbox, SandboxError, type SandboxProvider } from "@glovebox/core/provider";
import type { CommandAnswer, RunCommand } from "@glovebox/store";

/** A run under way, as far as commands need it. */
export interface CommandedRun {
  readonly runId: string;
  readonly home: string;
  readonly provider: SandboxProvider | undefined;
  stop(force: boolean): void;
}

/** Does what a running run is asked. */
export async function answerCommand(run: CommandedRun, command: RunCommand): Promise<CommandAnswer> {
  try {
    if (command.type === "stop") run.stop(command.force ?? false);
    else if (command.type === "input") await typeText(run, command.text);
    else return { value: await inSandbox(run, ({ sandbox }) => measureInside(sandbox)) };
    return {};
  } catch (error) {
    const code = SandboxError.isInstance(error) ? error.code : "internal";
    return { error: { code, message: (error as Error).message } };
  }
}

async function typeText(run: CommandedRun, text: string): Promise<void> {
  await inSandbox(run, async ({ sandbox, terminalId }) => {
    if (terminalId === undefined) {
      throw new InvalidOptionsError("Only an interactive run whose terminal is open takes input");
    }
    const terminal = await sandbox.attachTerminal(terminalId, 0);
    await terminal.write(Buffer.from(`${text}\r`));
  });
}

interface Inside {
  readonly sandbox: Sandbox;
  readonly terminalId: string | undefined;
}

async function inSandbox<T>({ runId, home, provider }: CommandedRun, work: (inside: Inside) => Promise<T>): Promise<T> {
  let sandboxId: string | undefined;
  let terminalId: string | undefined;
  for await (const event of createRunStore(home).events(runId)) {
    if (event.type === "sandbox.created") sandboxId = event.sandboxId;
    if (event.type === "terminal.start") terminalId = event.processId;
    if (event.type === "terminal.end") terminalId = undefined;
  }
  if (sandboxId === undefined || provider === undefined) throw new InvalidOptionsError("The run has no sandbox yet");
  const sandbox = await provider.connect(sandboxId);
  try {
    return await work({ sandbox, terminalId });
  } finally {
    await sandbox.close();
  }
}

import { noteViewer } from "@glovebox/core";
import { InvalidOptionsError, type ProcessInfo, type Sandbox } from "@glovebox/core/provider";
import { runName } from "../../runs/run-name.ts";
import type { Terminal } from "../../terminal.ts";
import { type Entered, type EnterOptions, enterSandbox } from "../enter-sandbox.ts";
import { exitCodeOf } from "../exit-code-of.ts";
import { requireCapability } from "../require-capability.ts";
import { requireTerminal, shellInside } from "../shell-inside.ts";
import { type Left, viewTerminal } from "./attach-terminal.ts";
import { DetachKeys } from "./detach-keys.ts";

export interface AttachRunOptions extends Omit<EnterOptions, "signal"> {
  readonly detachKeys: string;
  readonly isReadOnly: boolean;
}

/** Shows the terminal of a run's agent, or opens a shell where the agent has none. Resolves to the exit code. */
export async function attachRun(options: AttachRunOptions): Promise<number> {
  requireTerminal(options.terminal);
  const detachKeys = new DetachKeys(options.detachKeys);
  return await enterSandbox(options, async (entered) => {
    const { provider, sandbox, run } = entered;
    await requireCapability(provider, "pty");
    if (!run.isAlive || !run.interactive) {
      if (options.isReadOnly) {
        throw new InvalidOptionsError(`The agent of ${runName(run.runDirectory)} has no terminal to look at`, {
          hint: `Follow it: glovebox logs -f ${runName(run.runDirectory)}`,
        });
      }
      return await shellInside(sandbox, [], options.terminal);
    }
    const left = await viewAgent(entered, { ...options, detachKeys });
    report(left, entered, options.terminal);
    return left.kind === "ended" ? exitCodeOf(left.exit) : 0;
  });
}

/** Shows the terminal of an interactive run's agent until the viewer leaves or it ends. */
export async function viewAgent(
  { sandbox, run }: Pick<Entered, "sandbox" | "run">,
  options: { readonly terminal: Terminal; readonly detachKeys: DetachKeys; readonly isReadOnly: boolean },
): Promise<Left> {
  using _viewer = noteViewer(run.runDirectory);
  const { id } = await agentProcess(sandbox, runName(run.runDirectory));
  return await viewTerminal(await sandbox.attachTerminal(id, 0), options);
}

/** A run may have a sandbox for a while before its agent starts, and after it has ended. */
async function agentProcess(sandbox: Sandbox, name: string): Promise<ProcessInfo> {
  const found = (await sandbox.processes()).filter(({ tag }) => tag === "harness");
  const running = found.find(({ exit }) => exit === undefined);
  if (running !== undefined) return running;
  throw new InvalidOptionsError(`The agent of ${name} ${found.length === 0 ? "has not started yet" : "has ended"}`, {
    hint: `Follow the run: glovebox logs -f ${name}`,
  });
}

function report(left: Left, { run }: Entered, { stderr }: Terminal): void {
  const name = runName(run.runDirectory);
  if (left.kind === "detached")
    stderr.line(`Detached from ${name}, which continues. Enter it again: glovebox attach ${name}`);
  else stderr.line(`The agent of ${name} has ended. Its files are brought back: glovebox logs -f ${name}`);
}

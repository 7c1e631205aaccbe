import { SandboxAbortedError } from "@glovebox/core/provider";
import { safeText } from "@glovebox/core/text";
import { inCi } from "./in-ci.ts";
import { canAsk, type Terminal } from "./terminal.ts";

export interface ConsentOptions {
  /** The user agrees to whatever is asked here; what only an answer can give is still asked. */
  readonly yes?: boolean | undefined;
  /** Nobody is asked: the user does not want it. */
  readonly noInput?: boolean | undefined;
  /** Nobody is asked: a program reads the output. */
  readonly json?: boolean | undefined;
  /** What Enter alone means. Default: yes. */
  readonly byDefault?: boolean;
  /** `CI` agrees too: to install an engine or a tool. It agrees to nothing else, and hands out no value. */
  readonly ciAgrees?: boolean;
  /** Called before a question is asked. */
  readonly beforeAsking?: () => void;
}

/** How a command gets leave to change something on this host: by `--yes`, by asking, or by `CI` where that is enough. */
export function createConsent(terminal: Terminal, options: ConsentOptions): (question: string) => Promise<boolean> {
  return async (message) => {
    if (options.yes || (options.ciAgrees && inCi(terminal.env))) return true;
    if (!mayAsk(terminal, options)) return false;
    return await ask(message, options.byDefault ?? true, options);
  };
}

/** Asks a question of trust: not even `--yes` answers it. `undefined` when nobody is there to answer. */
export function createTrustQuestion(
  terminal: Terminal,
  options: ConsentOptions,
): (question: string) => Promise<boolean | undefined> {
  return async (message) => {
    if (!mayAsk(terminal, options)) return undefined;
    return await ask(message, false, options);
  };
}

/** Asks for a value that is not shown while it is typed. `undefined` when nobody is there to answer. */
export function createValueQuestion(
  terminal: Terminal,
  options: ConsentOptions,
): (question: string) => Promise<string | undefined> {
  return async (message) => {
    if (!mayAsk(terminal, options)) return undefined;
    options.beforeAsking?.();
    const { password, isCancel } = await import("@clack/prompts");
    const answer = await password({ message: safeText(message), output: process.stderr });
    if (isCancel(answer)) throw new SandboxAbortedError("Cancelled");
    return answer;
  };
}

/** Whether a question reaches somebody who wants to be asked. */
export function mayAsk(terminal: Terminal, { noInput, json }: Pick<ConsentOptions, "noInput" | "json">): boolean {
  return !noInput && !json && canAsk(terminal);
}

async function ask(message: string, initialValue: boolean, options: ConsentOptions): Promise<boolean> {
  options.beforeAsking?.();
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message: safeText(message), initialValue, output: process.stderr });
  if (isCancel(answer)) throw new SandboxAbortedError("Cancelled");
  return answer;
}

import { SandboxAbortedError } from "@glovebox/core/provider";
import { canAsk, inCi, type Terminal } from "./terminal.ts";

export interface ConsentOptions {
  readonly yes?: boolean | undefined;
  /** Nobody is asked: a program reads the output. */
  readonly json?: boolean | undefined;
  /** Called before a question is asked. */
  readonly beforeAsking?: () => void;
}

/** How a command gets leave to change something on this host: by `--yes`, by CI, or by asking. */
export function createConsent(terminal: Terminal, options: ConsentOptions): (question: string) => Promise<boolean> {
  return async (message) => {
    if (options.yes || inCi(terminal.env)) return true;
    if (options.json || !canAsk(terminal)) return false;
    options.beforeAsking?.();
    const { confirm, isCancel } = await import("@clack/prompts");
    const answer = await confirm({ message, initialValue: true, output: process.stderr });
    if (isCancel(answer)) throw new SandboxAbortedError("Cancelled");
    return answer;
  };
}

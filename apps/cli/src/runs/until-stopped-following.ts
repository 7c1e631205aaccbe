import { asTyped } from "../print/command-name.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Follows runs until the work ends, or until Ctrl-C: that ends the following and changes nothing in the runs, and says so. Resolves to
 * the exit code.
 */
export async function untilStoppedFollowing(
  names: readonly string[],
  { stderr, stdout, env }: Terminal,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupted = new AbortController();
  const abort = () => interrupted.abort();
  using _ = listenForInterrupts({ first: abort, second: abort });
  const exitCode = await work(AbortSignal.any([interrupted.signal, stdout.gone])).catch((error: unknown) => {
    if (!interrupted.signal.aborted) throw error;
    return 130;
  });
  if (!interrupted.signal.aborted) return exitCode;
  const [verb, them] = names.length === 1 ? ["continues", "it"] : ["continue", "them"];
  stderr.line(asTyped(`${names.join(", ")} ${verb}. Stop ${them}: glovebox stop ${names.join(" ")}`, env));
  return 130;
}

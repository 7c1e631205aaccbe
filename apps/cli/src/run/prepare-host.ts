import type { LoadedProvider } from "../config/plugins.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { listenForInterrupts } from "./interrupts.ts";

/** Makes this host ready for a provider, shows what that takes, and ends at Ctrl-C. */
export async function prepareHost(
  setUp: LoadedProvider["setUp"],
  options: {
    readonly printer: RunPrinter;
    readonly consent: (question: string) => Promise<boolean>;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const { printer, consent, signal } = options;
  const stop = new AbortController();
  using _ = listenForInterrupts({ first: () => stop.abort(), second: () => {} });
  const either = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    await setUp({ consent, onProgress: (message) => printer.note(message), signal: either });
  } catch (error) {
    printer.hush();
    throw error;
  }
}

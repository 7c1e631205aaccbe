import type { LoadedProvider } from "../config/plugins.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { listenForInterrupts } from "./interrupts.ts";

/** Makes this host ready for a provider, shows what that takes, and ends at Ctrl-C. */
export async function prepareHost(
  setUp: LoadedProvider["setUp"],
  options: { readonly printer: RunPrinter; readonly consent: (question: string) => Promise<boolean> },
): Promise<void> {
  const { printer, consent } = options;
  const stop = new AbortController();
  using _ = listenForInterrupts({ first: () => stop.abort(), second: () => {} });
  try {
    await setUp({ consent, onProgress: (message) => printer.note(message), signal: stop.signal });
  } catch (error) {
    printer.hush();
    throw error;
  }
}

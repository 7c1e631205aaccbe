import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { StreamParser } from "./stream-parser.ts";

/** How long OpenCode may be silent after what may be its last step: a compaction of the conversation can follow. */
const settleMs = 60_000;

/** Turns lines into events. The verdict comes when the output ends, or after `settle` of silence behind a last step. */
export async function* parseStream(
  lines: AsyncIterable<HarnessLine>,
  silenceMs: number = settleMs,
): AsyncGenerator<HarnessEvent, void> {
  const parser = new StreamParser();
  const iterator = lines[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = iterator.next();
      // Handled where it is awaited; until then a rejection must not end the process.
      next.catch(() => {});
      if (parser.holdsResult && (await isSilent(next, silenceMs))) yield* parser.result();
      const step = await next;
      if (step.done === true) break;
      yield* parser.line(step.value);
    }
    yield* parser.result();
  } finally {
    await iterator.return?.();
  }
}

async function isSilent(next: Promise<unknown>, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), waitMs);
  });
  const spoken = next.then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([spoken, silence]);
  } finally {
    clearTimeout(timer);
  }
}

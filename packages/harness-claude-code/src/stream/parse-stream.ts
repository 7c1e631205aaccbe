import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { StreamParser } from "./stream-parser.ts";

export interface ParseStreamOptions {
  /** How long after a result another line may come before the result counts as the last. */
  readonly settleMs: number;
  /** The same while background commands run: their end can begin a further turn with a result of its own. */
  readonly backgroundWaitMs: number;
}

/** Turns lines into events; the last result of those that follow each other closely is the verdict. */
export async function* parseStream(
  lines: AsyncIterable<HarnessLine>,
  options: ParseStreamOptions,
): AsyncGenerator<HarnessEvent, void> {
  const parser = new StreamParser();
  const iterator = lines[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    // Handled where it is awaited; until then a rejection must not end the process.
    next.catch(() => {});
    while (true) {
      if (parser.holdsResult) {
        const wait = parser.hasBackgroundTasks ? options.backgroundWaitMs : options.settleMs;
        if (await isSilent(next, wait)) yield* parser.result();
      }
      const step = await next;
      if (step.done === true) break;
      yield* parser.line(step.value);
      next = iterator.next();
      next.catch(() => {});
    }
    yield* parser.end();
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

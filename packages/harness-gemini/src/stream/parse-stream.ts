import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { StreamParser } from "./stream-parser.ts";

/** Turns lines into events. */
export async function* parseStream(lines: AsyncIterable<HarnessLine>): AsyncGenerator<HarnessEvent, void> {
  const parser = new StreamParser();
  for await (const line of lines) yield* parser.line(line);
  yield* parser.end();
}

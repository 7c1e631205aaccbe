import assert from "node:assert/strict";
import {
  type Harness,
  type HarnessEvent,
  type HarnessLine,
  type HarnessResultEvent,
  harnessEventSchema,
} from "@glovebox/core/harness";

/** What a parser made of lines. */
export interface Parsed {
  readonly events: readonly HarnessEvent[];
  readonly result: HarnessResultEvent | undefined;
}

/** Parses lines to their end. Throws where an event breaks the contract, or a tool call has no end, or an end without a start. */
export async function parseAll(harness: Harness, lines: readonly HarnessLine[]): Promise<Parsed> {
  const events: HarnessEvent[] = [];
  const open = new Set<string>();
  let result: HarnessResultEvent | undefined;
  for await (const event of harness.parse(each(lines))) {
    harnessEventSchema.parse(event);
    events.push(event);
    if (event.type === "tool.start") open.add(event.callId);
    if (event.type === "tool.end")
      assert.ok(open.delete(event.callId), "A tool.end has no tool.start, or is a second one");
    if (event.type !== "harness.result") continue;
    assert.equal(result, undefined, "There is more than one harness.result");
    result = event;
  }
  assert.deepEqual([...open], [], "Calls have a tool.start and no tool.end");
  return { events, result };
}

async function* each(lines: readonly HarnessLine[]): AsyncGenerator<HarnessLine> {
  yield* lines;
}

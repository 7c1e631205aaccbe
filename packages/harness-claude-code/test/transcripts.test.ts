import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type HarnessEvent, type HarnessLine, harnessEventSchema } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { createClaudeCode } from "../src/index.ts";

// Recorded from the pinned version against a scripted model.
const directory = join(import.meta.dirname, "transcripts");
const names = readdirSync(directory)
  .filter((name) => name.endsWith(".ndjson"))
  .map((name) => name.replace(".ndjson", ""));

async function* linesOf(text: string): AsyncGenerator<HarnessLine> {
  for (const line of text.trimEnd().split("\n")) yield { stream: "stdout", line };
}

async function parse(text: string): Promise<HarnessEvent[]> {
  const events: HarnessEvent[] = [];
  for await (const event of createClaudeCode().parse(linesOf(text))) events.push(event);
  return events;
}

describe.each(names)("the transcript %s", (name) => {
  const text = readFileSync(join(directory, `${name}.ndjson`), "utf8");

  it("becomes the same events each time", async () => {
    const events = await parse(text);
    const lines = events.map((event) => JSON.stringify(event.type === "harness.raw" ? rawName(event) : event));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(join(directory, `${name}.events`));
  });

  it("keeps the rules of events", async () => {
    checkRules(await parse(text));
  });

  it("keeps them wherever it breaks off", async () => {
    const lines = text.trimEnd().split("\n");
    for (let length = 1; length < lines.length; length += 1) checkRules(await parse(lines.slice(0, length).join("\n")));
    checkRules(await parse(text.slice(0, text.length / 2)));
  });
});

function rawName(event: Extract<HarnessEvent, { type: "harness.raw" }>): unknown {
  const { type, subtype } = JSON.parse(event.line);
  return { type: event.type, line: [type, subtype].filter(Boolean).join("/") };
}

function checkRules(events: readonly HarnessEvent[]): void {
  for (const event of events) harnessEventSchema.parse(event);
  const texts = new Map<string, string>();
  const calls = new Set<string>();
  const ended = new Set<string>();
  const counted = new Set<string>();
  for (const event of events) {
    if (event.type === "text.delta") texts.set(event.messageId, (texts.get(event.messageId) ?? "") + event.text);
    if (event.type === "message.end" && event.role === "assistant") {
      expect(event.text).toBe(texts.get(event.messageId) ?? "");
      texts.delete(event.messageId);
    }
    if (event.type === "tool.start") {
      expect(calls).not.toContain(event.callId);
      calls.add(event.callId);
    }
    if (event.type === "tool.end") {
      expect(calls).toContain(event.callId);
      expect(ended).not.toContain(event.callId);
      ended.add(event.callId);
    }
    if (event.type === "usage" && event.messageId !== undefined) {
      expect(counted).not.toContain(event.messageId);
      counted.add(event.messageId);
    }
  }
  expect(texts.size).toBe(0);
  expect(ended.size).toBe(calls.size);
  expect(events.filter((event) => event.type === "harness.result").length).toBeLessThanOrEqual(1);
}

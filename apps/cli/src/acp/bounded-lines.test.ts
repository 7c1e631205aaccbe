import { expect, it } from "vitest";
import { boundedLines } from "./bounded-lines.ts";

async function through(chunks: readonly string[], most: number): Promise<string> {
  const input = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      controller.close();
    },
  });
  let text = "";
  for await (const piece of input.pipeThrough(boundedLines(most))) text += Buffer.from(piece).toString();
  return text;
}

it("passes lines on as they are, and replaces one that is too long by a text", async () => {
  expect(await through(["ab\ncd", "e\n", "long", "er\nf"], 5)).toBe('ab\ncde\n"The message is longer than 31 MiB"\nf');
  expect(await through(["12345", "6"], 5)).toBe('"The message is longer than 31 MiB"');
});

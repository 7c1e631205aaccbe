import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { SearchResult } from "@glovebox/components";
import { expect, it } from "vitest";
import { pickAgents } from "./pick-agents.ts";

const agent = (name: string, description = ""): SearchResult => ({
  source: "templates",
  entry: { kind: "agent", name, path: `agents/${name}.md`, description },
});

const agents = [
  agent("a/architect-reviewer", "reviews"),
  ...Array.from({ length: 30 }, (_, index) => agent(`b/rxexaxcxt-${index}`)),
  agent("c/other", "Knows react too"),
  agent("web/react-expert"),
  agent("web/react"),
];

/** Types into the picker key by key, and says what it shows and what it comes to. */
async function pick(...keys: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = "";
  output.on("data", (data) => {
    shown += stripVTControlCharacters(String(data));
  });
  const picked = pickAgents(agents, { input, output });
  await new Promise((resolve) => setImmediate(resolve));
  for (const key of keys) {
    input.write(key);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { picked: await picked, shown };
}

it("puts the best match under the cursor, however many others fit", async () => {
  expect((await pick(..."react", "\t", "\r")).picked).toEqual(["templates:web/react"]);
  expect((await pick(..."react", "\u001b[B", "\t", "\r")).picked).toEqual(["templates:web/react-expert"]);
});

it("keeps what is ticked while another search is typed", async () => {
  const back = Array<string>(5).fill("\u007f");
  const { picked } = await pick(..."react", "\t", ...back, ..."knows", "\t", "\r");
  expect(picked).toEqual(["templates:web/react", "templates:c/other"]);
});

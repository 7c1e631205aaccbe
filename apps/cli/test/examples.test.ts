import type { Script } from "@glovebox/scripted-model";
import { describe, it } from "vitest";
import { followPageWith } from "./support/follow-page.ts";
import { bash, say, write } from "./support/turns.ts";

const correctSum = write("sum.js", "export const sum = (a, b) => a + b;\n");
const done = say("Done.");

/** Pastes the commands of an example's README into a shell. */
async function example(name: string, script: Script): Promise<void> {
  await followPageWith(`../examples/${name}/README.md`, script);
}

describe("the commands of the examples", { timeout: 400_000 }, () => {
  it("try something risky, discard it, and apply it", () =>
    example("safe-experiment", {
      turns: [
        write(
          "prices.js",
          "export const total = (items) => items.reduce((sum, { price, count }) => sum + price * count, 0);\n",
        ),
        bash("npm test"),
        done,
      ],
    }));

  it("use several components in one run", () =>
    example("multi-component", { turns: [bash("echo '1.0.0: the shop opens' > NOTES.md"), done] }));

  it("judge tasks where the agent never was", () =>
    example("testing-framework", {
      turns: [correctSum, done],
      conversations: [
        {
          firstMessageIncludes: "by any means",
          turns: [write("sum.test.js", 'import { test } from "node:test";\ntest("adds", () => {});\n'), done],
        },
      ],
    }));

  it("let several agents do the same, and apply the best", () =>
    example("fan-out-and-pick", { turns: [correctSum, done] }));

  it("describe, build and use a template", () =>
    example("custom-template", { turns: [bash("curl -s $SHOP_URL/items > items.json"), done] }));

  it("run, verify and pay in a program", () =>
    example("library-use", {
      turns: [correctSum, done],
      conversations: [
        {
          firstMessageIncludes: "explain the mistake",
          turns: [correctSum, write("NOTES.md", "It subtracted.\n"), done],
        },
      ],
    }));
});

import type { ScriptTurn } from "@glovebox/scripted-model";
import { describe, it } from "vitest";
import { followPageWith as followWith } from "./support/follow-page.ts";
import { bash, say, write } from "./support/turns.ts";

const project = {
  "package.json": '{ "name": "sum", "type": "module", "scripts": { "test": "node --test" } }\n',
  "sum.js": "export const sum = (a, b) => a - b;\n",
};

const sumTest = `import { test } from "node:test";
import assert from "node:assert/strict";
import { sum } from "./sum.js";
test("adds", () => assert.equal(sum(1, 2), 3));
test("adds nothing", () => assert.equal(sum(1, 0), 1));
`;

/** The example harness has a tool `Write` of its own, whose paths are relative to the workspace. */
function writeWithSmallAgent(path: string, content: string): ScriptTurn {
  return { tools: [{ name: "Write", input: { path, content } }] };
}

describe("the commands of the guides", () => {
  it("run a prompt", () =>
    followWith("guides/run-a-prompt.md", { turns: [write("index.html", "<p>ball</p>\n"), say("The page is ready.")] }));

  it("give a project to the agent and apply its changes", () =>
    followWith(
      "guides/give-it-your-project.md",
      { turns: [write("sum.js", "export const sum = (a, b) => a + b;\n"), say("The test passes.")] },
      project,
    ));

  it("take the tutorial from an empty directory to an applied change", () =>
    followWith("tutorial.md", {
      turns: [
        bash("npm test", "I'll run the tests first."),
        bash("sed -i 's/return \\(.*\\) - discount;/return Math.max(0, \\1 - discount);/' total.js && npm test"),
        say("A discount no longer makes a total negative."),
      ],
    }));

  it("describe, build, use and remove a template", () =>
    followWith("guides/make-a-template.md", {
      turns: [bash("curl -s http://127.0.0.1:8080/items.json > items-seen.json"), say("Done.")],
    }));

  it("watch runs", () =>
    followWith("guides/watch-runs.md", { turns: [write("report.md", "A report.\n"), say("The report is ready.")] }));

  it("allow a host", () =>
    followWith("guides/allow-a-host.md", {
      turns: [bash("curl -sS -m 20 https://example.com || true"), say("I tried to download the page.")],
    }));

  it("bring results back", () =>
    followWith("guides/bring-results-back.md", { turns: [write("report.md", "# Report\n"), say("Done.")] }));

  it("run in the background", () =>
    followWith("guides/run-in-the-background.md", { turns: [write("report.md", "# A report\n"), say("Done.")] }));

  it("look into a sandbox, and continue its run", () =>
    followWith("guides/look-inside.md", {
      turns: [
        write("report.md", "# Report\n"),
        say("Done."),
        bash('printf "\\n## Summary\\n" >> report.md'),
        say("Added."),
      ],
    }));

  it("look at what a batch would run", () => followWith("guides/run-many.md", { turns: [] }));

  it("verify a result", () =>
    followWith(
      "guides/verify-and-pick.md",
      { turns: [write("sum.js", "export const sum = (a, b) => a + b;\n"), say("The tests pass.")] },
      { ...project, "sum.test.js": sumTest },
    ));

  it("use the library from a program", () =>
    followWith("guides/use-it-from-code.md", { turns: [write("haiku.txt", "gloves\n"), say("Done.")] }));

  it("add a harness", () =>
    followWith("adding-a-harness.md", { turns: [writeWithSmallAgent("hello.txt", "hello\n"), say("Done.")] }));
});

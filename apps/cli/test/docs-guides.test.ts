import type { Script, ScriptTurn } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { readPastedPage } from "./support/pasted-page.ts";
import { type ReaderMachine, setReaderMachine } from "./support/reader-machine.ts";
import { bash, say, write } from "./support/turns.ts";

const project = {
  "package.json": '{ "name": "sum", "type": "module", "scripts": { "test": "node --test" } }\n',
  "sum.js": "export const sum = (a, b) => a - b;\n",
};

/** The example harness has a tool `Write` of its own, whose paths are relative to the workspace. */
function writeWithSmallAgent(path: string, content: string): ScriptTurn {
  return { tools: [{ name: "Write", input: { path, content } }] };
}

/** Pastes every marked block of a page, in order. */
async function follow(page: string, machine: ReaderMachine): Promise<void> {
  let output = "";
  for (const block of readPastedPage(page)) {
    const place = `docs/${page}:${block.line}`;
    if (block.kind === "file") {
      machine.writeFile(block.path, block.text);
    } else if (block.kind === "commands") {
      const result = await machine.paste(block.text);
      expect(result.code, `${place}\n${result.output}`).toBe(0);
      output = result.output;
    } else {
      for (const line of block.lines) expect(output, place).toContain(line.trim());
    }
  }
}

async function followWith(page: string, script: Script, files?: Readonly<Record<string, string>>): Promise<void> {
  await using machine = await setReaderMachine(script, files);
  await follow(page, machine);
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

  it("use the library from a program", () =>
    followWith("guides/use-it-from-code.md", { turns: [write("haiku.txt", "gloves\n"), say("Done.")] }));

  it("add a harness", () =>
    followWith("adding-a-harness.md", { turns: [writeWithSmallAgent("hello.txt", "hello\n"), say("Done.")] }));
});

import type { Script } from "@glovebox/scripted-model";
import { expect } from "vitest";
import { readPastedPage } from "./pasted-page.ts";
import { type ReaderMachine, setReaderMachine } from "./reader-machine.ts";

/** Pastes every marked block of a page, in order, as a reader with this machine does. `page`: relative to docs/. */
export async function followPage(page: string, machine: ReaderMachine): Promise<void> {
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

/** Follows a page on a new machine whose model replays a script. */
export async function followPageWith(
  page: string,
  script: Script,
  project?: Readonly<Record<string, string>>,
): Promise<void> {
  await using machine = await setReaderMachine(script, project);
  await followPage(page, machine);
}

import { visibleText } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { splitLines } from "./split-lines.ts";

type Colors = Output["colors"];

/**
 * A diff of untrusted files as it may be shown on a terminal: each line coloured by what it is, with what is hidden in it made
 * visible. Lines are counted by their hunk, so that no content passes for a header.
 */
export async function* diffText(chunks: AsyncIterable<Buffer>, colors: Colors): AsyncGenerator<string> {
  const hunk = new Hunk();
  for await (const line of splitLines(chunks)) {
    const kind = hunk.kindOf(line);
    const shown = visibleText(line.endsWith("\r") ? `${line.slice(0, -1)}␍` : line);
    yield `${paint(shown, kind, colors)}\n`;
  }
}

/** The same for git's `--word-diff=porcelain`: the changed words are marked, `[-so-]` and `{+so+}`, on one line. */
export async function* wordDiffText(chunks: AsyncIterable<Buffer>, colors: Colors): AsyncGenerator<string> {
  const { green, red } = colors;
  let isInHunk = false;
  let line = "";
  for await (const raw of splitLines(chunks)) {
    if (raw.startsWith("@@ ") || raw.startsWith("diff --git ")) isInHunk = raw.startsWith("@@ ");
    else if (isInHunk) {
      const text = visibleText(raw.slice(1));
      if (raw === "~") {
        yield `${line}\n`;
        line = "";
      } else if (raw.startsWith("-")) line += red(`[-${text}-]`);
      else if (raw.startsWith("+")) line += green(`{+${text}+}`);
      else if (raw.startsWith(" ")) line += text;
      continue;
    }
    yield `${paint(visibleText(raw), raw.startsWith("@@ ") ? "hunk" : "header", colors)}\n`;
  }
}

type LineKind = "header" | "hunk" | "added" | "deleted" | "context";

function paint(text: string, kind: LineKind, { bold, cyan, green, red }: Colors): string {
  const paints = { header: bold, hunk: cyan, added: green, deleted: red, context: (line: string) => line };
  return text === "" ? text : paints[kind](text);
}

/** How many lines of the current hunk are still to come. */
class Hunk {
  #before = 0;
  #after = 0;

  kindOf(line: string): LineKind {
    if (this.#before + this.#after === 0) {
      const counts = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
      if (counts === null) return line.startsWith("\\") ? "context" : "header";
      this.#before = Number(counts[1] ?? 1);
      this.#after = Number(counts[2] ?? 1);
      return "hunk";
    }
    if (line.startsWith("+")) {
      this.#after -= 1;
      return "added";
    }
    if (line.startsWith("-")) {
      this.#before -= 1;
      return "deleted";
    }
    if (line.startsWith(" ")) {
      this.#before -= 1;
      this.#after -= 1;
    }
    return "context";
  }
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A block of a page that a reader pastes, or what it then prints. */
export type PastedBlock =
  | { readonly kind: "commands"; readonly text: string; readonly line: number }
  | { readonly kind: "file"; readonly path: string; readonly text: string; readonly line: number }
  | { readonly kind: "prints"; readonly lines: readonly string[]; readonly line: number };

const fence = /^```(\S+) (paste|prints)(?: (\S+))?\n([\s\S]*?)^```$/gmu;

/**
 * Reads the marked blocks of a page in docs/: "sh paste" are commands, "ts paste run.ts" is a file, and "text prints" has
 * lines that the commands before it print.
 */
export function readPastedPage(page: string): readonly PastedBlock[] {
  const text = readFileSync(fileURLToPath(new URL(`../../../../docs/${page}`, import.meta.url)), "utf8");
  return [...text.matchAll(fence)].map(([, , mark, path, content = ""], index, all) => {
    const line = text.slice(0, all[index]?.index).split("\n").length;
    if (mark === "prints") return { kind: "prints", lines: content.trimEnd().split("\n"), line };
    return path === undefined ? { kind: "commands", text: content, line } : { kind: "file", path, text: content, line };
  });
}

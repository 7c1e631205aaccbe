import { fileURLToPath } from "node:url";
import type { ContentBlock } from "@agentclientprotocol/sdk";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { DirectoryPaths } from "./directory-paths.ts";

/** In UTF-16 units. */
const mostText = 10 * 1024 * 1024;

/** A prompt of the editor's as the agent gets it: one text, with the paths of the sandbox. Throws for what is not text. */
export function promptText(blocks: readonly ContentBlock[], paths: DirectoryPaths): string {
  const text = blocks.map((block) => blockText(block, paths)).join("\n\n");
  if (text.trim() === "") throw new InvalidOptionsError("The prompt is empty");
  if (text.length <= mostText) return text;
  throw new InvalidOptionsError(`The prompt is longer than ${mostText / 1024 / 1024} MiB`, {
    hint: "Put long texts into files of the directory and name them in the prompt.",
  });
}

function blockText(block: ContentBlock, paths: DirectoryPaths): string {
  switch (block.type) {
    case "text":
      return paths.rewrite(block.text);
    case "resource_link":
      return `[${block.name}](${placeOf(block.uri, paths)})`;
    case "resource": {
      const { resource } = block;
      if (!("text" in resource)) throw notText("a file that is not text");
      return `<file path=${JSON.stringify(placeOf(resource.uri, paths))}>\n${resource.text}\n</file>`;
    }
    default:
      throw notText(block.type === "image" ? "an image" : "a recording");
  }
}

function placeOf(uri: string, paths: DirectoryPaths): string {
  if (!uri.startsWith("file:")) return uri;
  try {
    const path = fileURLToPath(uri.replace(/[?#].*$/, ""));
    return paths.toSandbox(path) ?? `${path} (not in the sandbox)`;
  } catch {
    // Not a path of this host: shown as the editor named it.
    return uri;
  }
}

function notText(what: string): InvalidOptionsError {
  return new InvalidOptionsError(`The prompt has ${what}, and the agent gets text alone`, {
    hint: "Put the file into the directory and name it in the prompt.",
  });
}

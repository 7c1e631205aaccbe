import { resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { sandboxPath } from "./sandbox-path.ts";

/** One side of a copy: a path in the sandbox of a run, a path on the host, or this process's own input or output. */
export type CopyPlace =
  | { readonly kind: "sandbox"; readonly run: string; readonly path: string }
  | { readonly kind: "host"; readonly path: string }
  | { readonly kind: "stream" };

/** Parses `RUN:PATH`, a path of the host, or `-`. A path with a colon is written with `./` or `/` in front. */
export function parseCopyPlace(text: string, directory: string): CopyPlace {
  if (text === "-") return { kind: "stream" };
  const match = /^([A-Za-z0-9-]+):(.*)$/s.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return { kind: "host", path: resolve(directory, text) };
  if (match[2] === "") {
    throw new InvalidOptionsError(`${text} names no path in the sandbox`, {
      hint: `For example ${text}/workspace, or ${text}. for the workspace.`,
    });
  }
  return { kind: "sandbox", run: match[1], path: sandboxPath(match[2]) };
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { issueLine } from "./issue-line.ts";

const schema = z.object({
  /** The version of the package that wrote the files. */
  version: z.string(),
  managedImage: z.boolean(),
  name: z.string(),
  /** SHA-256 of each file as written, to detect changes by the user. */
  files: z.record(z.string(), z.string()),
});

/** Records what `init` wrote into a project. */
export type ProjectManifest = z.infer<typeof schema>;

export const manifestName = ".glovebox.json";

/** Returns `undefined` if `init` has not run or did not finish. */
export async function readManifest(directory: string): Promise<ProjectManifest | undefined> {
  const path = join(directory, manifestName);
  const text = await readHostText(path);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(`${path}: ${issueLine(parsed.error)}`, {
    hint: "Delete it, and run `glovebox cloudflare init` again: it keeps the files that you changed.",
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidOptionsError(`${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

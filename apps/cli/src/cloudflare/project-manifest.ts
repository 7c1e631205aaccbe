import { createHash } from "node:crypto";
import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { issueLine } from "../config/config-values.ts";
import { readSmallFile } from "../config/read-small-file.ts";
import { parseJson } from "../config/user-config.ts";

const schema = z.object({
  /** Of the package that wrote the files. */
  version: z.string(),
  managedImage: z.boolean(),
  name: z.string(),
  /** SHA-256 of each file as it was written: what still has it was not changed by hand. */
  files: z.record(z.string(), z.string()),
});

/** What `init` has written into a project. */
export type ProjectManifest = z.infer<typeof schema>;

export const manifestName = ".glovebox.json";

/** `undefined` where `init` has not been, or did not get to its end. */
export async function readManifest(folder: string): Promise<ProjectManifest | undefined> {
  const path = join(folder, manifestName);
  const text = await readSmallFile(path);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(`${path}: ${issueLine(parsed.error)}`, {
    hint: "Delete it, and run `glovebox cloudflare init` again: it keeps the files that you changed.",
  });
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

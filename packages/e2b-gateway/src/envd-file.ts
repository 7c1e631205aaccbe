import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where an image puts envd, and a sandbox whose image has none gets it. */
export const envdDirectory = "/opt/glovebox-e2b";

/**
 * Absolute path, on the host, of the one bundled file that serves E2B's protocol inside a sandbox. `pnpm build` makes it; it
 * needs Node 20.19 or newer and nothing else. The same from a checkout and from a published package.
 */
export const envdFile: string = fileURLToPath(new URL("../dist/envd.cjs", import.meta.url));

/** Envd as it is to run: its text, and its place inside, which is another one for every other text. */
export interface EnvdProgram {
  readonly text: Buffer;
  readonly path: string;
}

/** Reads what is to run as envd. */
export async function readEnvd(file: string = envdFile): Promise<EnvdProgram> {
  const text = await readFile(file);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return { text, path: `${envdDirectory}/envd-${digest}.cjs` };
}

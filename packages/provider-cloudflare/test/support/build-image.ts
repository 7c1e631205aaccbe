import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { createEngine } from "@glovebox/provider-docker";

export type Engine = ReturnType<typeof createEngine>;

/** Builds an image once for what goes in, and gives its name. */
export async function buildImage(
  engine: Engine,
  kind: string,
  files: Readonly<Record<string, string>> & { readonly Dockerfile: string },
): Promise<string> {
  const digest = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  const name = `glovebox-test/${kind}:${digest}`;
  const found = await engine.listImages({ filters: { reference: [name] } });
  if (found.length > 0) return name;
  const directory = await mkdtemp(join(tmpdir(), "glovebox-build-"));
  try {
    for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
    const output = await engine.buildImage({ context: directory, src: Object.keys(files) }, { t: name, rm: true });
    await new Promise<void>((resolve, reject) => {
      const finish = (error: Error | null, steps: readonly { error?: string }[]): void => {
        const failure = error?.message ?? steps.find((step) => step.error !== undefined)?.error;
        if (failure === undefined) resolve();
        else reject(new Error(`${name} cannot be built: ${failure}`));
      };
      engine.modem.followProgress(output, finish);
    });
  } finally {
    await rm(directory, { recursive: true });
  }
  return name;
}

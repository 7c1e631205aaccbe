import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

export const repository = fileURLToPath(new URL("../../..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

/** The folders of the packages that are published. */
export function publishedFolders(): readonly string[] {
  return globSync("{packages,apps}/*/package.json", { cwd: repository })
    .map((file) => join(repository, file))
    .filter((file) => !(JSON.parse(readFileSync(file, "utf8")) as Manifest).private)
    .map((file) => dirname(file))
    .sort();
}

/** Packs everything that is published, as it would be uploaded. Resolves to the archives by the packages' names. */
export async function packPackages(folder: string): Promise<ReadonlyMap<string, string>> {
  const packed = publishedFolders().map(async (cwd) => {
    const { stdout } = await execa("npx", ["-y", "pnpm@10.34.9", "pack", "--json", "--pack-destination", folder], {
      cwd,
    });
    const { name, filename } = JSON.parse(stdout) as { name: string; filename: string };
    return [name, filename] as const;
  });
  return new Map(await Promise.all(packed));
}

import { execa } from "execa";
import { publishedDirectories } from "../../published-directories.ts";

/** Packs everything that is published, as it would be uploaded. Resolves to the archives by the packages' names. */
export async function packPackages(directory: string): Promise<ReadonlyMap<string, string>> {
  const packed = publishedDirectories().map(async (cwd) => {
    const { stdout } = await execa("npx", ["-y", "pnpm@10.34.9", "pack", "--json", "--pack-destination", directory], {
      cwd,
    });
    const { name, filename } = JSON.parse(stdout) as { name: string; filename: string };
    return [name, filename] as const;
  });
  return new Map(await Promise.all(packed));
}

import { relative } from "node:path";
import { execa } from "execa";
import { publishedDirectories, repositoryRoot } from "../../published-directories.ts";

/** Packs everything that is published, as it would be uploaded. Resolves to the archives by the packages' names. */
export async function packPackages(directory: string): Promise<ReadonlyMap<string, string>> {
  const filters = publishedDirectories().map((path) => `--filter=./${relative(repositoryRoot, path)}`);
  const pack = ["pack", "--json", "--pack-destination", directory];
  const { stdout } = await execa("npx", ["-y", "pnpm@10.34.9", "--recursive", ...filters, ...pack], {
    cwd: repositoryRoot,
  });
  const packed = JSON.parse(stdout) as readonly { readonly name: string; readonly filename: string }[];
  return new Map(packed.map(({ name, filename }) => [name, filename]));
}

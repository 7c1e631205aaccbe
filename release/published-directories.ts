import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryRoot = fileURLToPath(new URL("..", import.meta.url));

/** Returns the directories of the packages that are published, as absolute paths. */
export function publishedDirectories(): readonly string[] {
  return globSync("{packages,apps}/*/package.json", { cwd: repositoryRoot })
    .map((file) => join(repositoryRoot, file))
    .filter((file) => !(JSON.parse(readFileSync(file, "utf8")) as { private?: boolean }).private)
    .map((file) => dirname(file))
    .sort();
}

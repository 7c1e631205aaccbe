import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The name and version of the package that a file belongs to; empty where none says so. */
export function packageVersion(file: string): Readonly<Record<string, string>> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (existsSync(path)) {
      const { name, version } = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
      return typeof name === "string" && typeof version === "string" ? { [name]: version } : {};
    }
    if (dirname(folder) === folder) return {};
  }
}

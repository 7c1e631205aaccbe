import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../published-directories.ts";

/** The provider that docs/adding-a-provider.md begins with: a module. */
export function pageProvider(): string {
  const page = readFileSync(join(repositoryRoot, "docs/adding-a-provider.md"), "utf8");
  const code = /^```js\n(.*?)^```$/ms.exec(page)?.[1];
  if (code === undefined) throw new Error("The page has no code");
  return code;
}

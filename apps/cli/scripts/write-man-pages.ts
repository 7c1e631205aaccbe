/** Writes the manual of `man glovebox` from the commands themselves to man/: a part of the build. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { manPages } from "./reference/man-pages.ts";
import { referenceProgram } from "./reference/reference-program.ts";

const directory = new URL("../man/", import.meta.url);
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory);
for (const [name, text] of Object.entries(manPages(await referenceProgram()))) {
  writeFileSync(new URL(name, directory), text);
}

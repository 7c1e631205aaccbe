import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** The command as it is published. It starts in a third of the time, and takes less memory. */
export const builtCommand = fileURLToPath(new URL("../../bin/glovebox.js", import.meta.url));

/** Set by `pnpm test`, which builds first. Without it nobody has to build before a single file is tested. */
export const isBuilt = Boolean(process.env.GLOVEBOX_TEST_BUILT);

/** What Node starts as the command: its options and the file. */
export const commandLine: readonly string[] = isBuilt
  ? ["--", builtCommand]
  : ["--conditions=@glovebox/source", "--", source];

/** The same as a shell takes it. */
export const typedCommand = [process.execPath, ...commandLine].map((word) => `'${word}'`).join(" ");

/** Where Node keeps what it has compiled, so that the next start of the same file is faster. */
export const compileCache: Readonly<Record<string, string>> =
  process.env.NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };

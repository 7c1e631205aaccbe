import type { Script } from "./script.ts";

/** Builds a small web page project in the working directory, checks it and ends with a summary. */
export const demoScript: Script = { turns: [] };

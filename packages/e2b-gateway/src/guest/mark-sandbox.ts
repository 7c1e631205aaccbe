import { mkdirSync, writeFileSync } from "node:fs";
import type { EnvdState } from "./envd-state.ts";

const directory = "/run/e2b";
const marks = ["E2B_SANDBOX", "E2B_SANDBOX_ID", "E2B_TEMPLATE_ID"];

/** Programs learn from these files, as from the variables of the same names, that they are in a sandbox and in which one. */
export function markSandbox({ envVars }: EnvdState): void {
  try {
    mkdirSync(directory, { recursive: true });
    for (const name of marks) {
      const value = envVars.get(name);
      if (value !== undefined) writeFileSync(`${directory}/.${name}`, value);
    }
  } catch {
    // Who is not root cannot: the variables tell the same.
  }
}

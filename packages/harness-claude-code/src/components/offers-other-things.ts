import type { HarnessDialogue } from "@glovebox/core/harness";
import { serverLog } from "./server-log.ts";

/** Whether an MCP server offers prompts or resources, which its status does not hold: it may do without tools then. */
export async function offersOtherThings(input: Pick<HarnessDialogue, "run">, name: string): Promise<boolean> {
  const lines = await serverLog(input, name, ["Connection established with capabilities"]);
  return lines.some((line) => /\\"has(Prompts|Resources)\\":true/.test(line));
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelRequest, Script, ScriptTurn } from "@glovebox/scripted-model";
import { shellCall } from "../../../../packages/harness-testkit/src/case-run/shell-call.ts";
import type { Stage } from "./stage.ts";

/** Has the agent run a command, by the shell tool that it has. */
export function shell(command: string, more: ScriptTurn = {}) {
  return ({ tools }: ModelRequest): ScriptTurn => {
    const call = shellCall(command, tools);
    return { ...more, tools: call === undefined ? [] : [call] };
  };
}

/** Scripts by a word of the rows' prompts, which are otherwise requests beside the conversation. */
export function script(turns: Script["turns"]): Script {
  return { turns, conversations: [{ firstMessageIncludes: "Prompt", turns }] };
}

/** The stage's model as the API of every agent, with its key; at another address where sandboxes reach it there. */
export function everyApi({ key, modelUrl: own }: Stage, modelUrl = own) {
  return {
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: `${modelUrl}/v1`,
    GEMINI_API_KEY: key,
    GOOGLE_GEMINI_BASE_URL: modelUrl,
  };
}

export function writeRows(
  { directory }: Stage,
  rows: readonly { readonly harness: string; readonly model: string }[],
): void {
  const batch = { rows: rows.map((row) => ({ id: row.harness, prompt: "Prompt.", ...row })) };
  writeFileSync(join(directory, "batch.json"), JSON.stringify(batch));
}

import { randomBytes } from "node:crypto";
import { createScriptedModel, demoScript } from "@glovebox/scripted-model";

type Environment = Readonly<Record<string, string | undefined>>;

/** The model of a demo: a script on this machine, which costs nothing. */
export interface DemoModel {
  /** The environment of a server whose runs all use it, whatever credential the user's own has. */
  readonly env: Environment;
  close(): Promise<void>;
}

/** Starts the model of a demo. */
export async function startDemoModel(env: Environment): Promise<DemoModel> {
  const key = `sk-ant-demo-${randomBytes(16).toString("hex")}`;
  const { url, close } = await createScriptedModel({ script: demoScript, expectKey: key }).listen();
  const { ANTHROPIC_AUTH_TOKEN: _, CLAUDE_CODE_OAUTH_TOKEN: __, ...others } = env;
  return { env: { ...others, ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url }, close };
}

import { SandboxError } from "@glovebox/core";
import { parseValue, runSettings, type SettingType } from "@glovebox/core/run-settings";
import { z } from "zod";
import { rowIdPattern } from "../rows/batch-row.ts";

const text = z.string().min(1);

/** One name or several: a list, or a text in which commas separate them. */
const names = z
  .union([text, z.array(text)], { error: "Expected a name or a list of names" })
  .transform((value) => (typeof value === "string" ? value.split(",") : value).map((name) => name.trim()))
  .refine((list) => !list.includes(""), "Expected names, separated by commas");

/** A value that is written as the flag of `glovebox run` takes it; a number may be a number. */
function setting(type: SettingType): z.ZodType<number, string | number> {
  return z
    .union([z.string(), z.number()], { error: `Expected ${examples[type] ?? "a value"}` })
    .transform((value, context) => {
      try {
        return parseValue(type, String(value)) as number;
      } catch (error) {
        if (!SandboxError.isInstance(error)) throw error;
        context.addIssue({ code: "custom", message: error.message });
        return z.NEVER;
      }
    });
}

const examples: Partial<Record<SettingType, string>> = {
  duration: "a duration with its unit, such as 90s or 1h",
  size: "a size with its unit, such as 512m or 4g",
  amount: "a number above 0",
  count: "a whole number above 0",
};

/** The limits that a row may set. Those of time and size are written as for the flags of `glovebox run`. */
export const limitsInputSchema = z.strictObject({
  timeout: setting("duration").exactOptional().describe("stop the run after this long: 30m"),
  idleTimeout: setting("duration").exactOptional().describe("stop after this long without activity"),
  maxCost: setting("amount").exactOptional().describe("model cost limit of one attempt, in US dollars"),
  maxTokens: setting("count").exactOptional().describe("limit of the tokens of one attempt"),
  maxTurns: setting("count").exactOptional().describe("maximum number of turns"),
  cpus: setting("amount").exactOptional().describe("processors"),
  memory: setting("size").exactOptional().describe("memory, including swap: 4g"),
  pids: setting("count").exactOptional().describe("processes and threads"),
  openFiles: setting("count").exactOptional().describe("open files per process"),
  tmpSize: setting("size").exactOptional().describe("size of /tmp"),
  shmSize: setting("size").exactOptional().describe("size of /dev/shm"),
  disk: setting("size").exactOptional().describe("disk, where the provider can limit it"),
});

const components = {
  agents: names.exactOptional().describe("sub-agents from a catalog, or ./files"),
  commands: names.exactOptional().describe("slash commands"),
  mcp: names.exactOptional().describe("MCP servers"),
  settings: names.exactOptional().describe("settings"),
  hooks: names.exactOptional().describe("hooks"),
  skills: names.exactOptional().describe("skills, or ./directories"),
  plugins: names.exactOptional().describe("whole plugins, or ./directories"),
};

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text, "m") !== undefined;
  } catch {
    return false;
  }
}

/** The kinds of components that a row may name. */
export const componentKeys = Object.keys(components) as readonly (keyof typeof components)[];

/** One row as a file has it. Every key may also stand in `defaults`. */
export const rowInputSchema = z.strictObject({
  id: z
    .string()
    .regex(rowIdPattern, "Expected 1 to 63 of a-z, 0-9 and dashes, with no dash at either end")
    .exactOptional()
    .describe("the row's name (default: r001, r002, …)"),
  prompt: z.string().regex(/\S/, "The prompt is empty").exactOptional().describe("what the agent should do"),
  promptFile: text.exactOptional().describe("a file with the prompt, relative to the batch file"),
  workspace: text.exactOptional().describe("project to copy into the sandbox, relative to the batch file"),
  provider: text.exactOptional().describe("where the sandbox runs"),
  harness: text.exactOptional().describe("the coding agent to run"),
  model: text.exactOptional().describe("the model"),
  template: text
    .exactOptional()
    .describe("what the sandbox starts from: the name of a template, or its description, relative to the batch file"),
  ...components,
  limits: limitsInputSchema.exactOptional().describe("time, cost and resources of one attempt"),
  network: z
    .strictObject({
      mode: z.enum(runSettings.network.choices).exactOptional().describe("none, sealed, standard or open"),
      allow: names.exactOptional().describe("hosts that the sandbox may reach too: example.com, *.example.com:8443"),
    })
    .exactOptional()
    .describe("what the sandbox may reach"),
  env: names
    .refine((list) => list.every((name) => /^[A-Za-z_]\w*$/.test(name)), "Expected names of variables, without values")
    .exactOptional()
    .describe("names of variables that the sandbox gets from your environment"),
  verify: text.exactOptional().describe("command that judges the result in a fresh sandbox"),
  verifyProtect: names
    .exactOptional()
    .describe("files that the verification takes from the project too, or with ! leaves to the agent: fixtures/**"),
  verifyExpect: text
    .refine(isRegExp, "Expected a regular expression")
    .exactOptional()
    .describe("regular expression that the output of verify has to match"),
  verifyTimeout: setting("duration").exactOptional().describe("how long verify may take (default: 10m)"),
  verifyAllow: names.exactOptional().describe("hosts that verify may reach: registry.npmjs.org"),
  repeat: setting("count")
    .refine((count) => count <= 100, "At most 100")
    .exactOptional()
    .describe("how many times to run the row"),
});
/** One row as a file has it, parsed. */
export type RowInput = z.infer<typeof rowInputSchema>;

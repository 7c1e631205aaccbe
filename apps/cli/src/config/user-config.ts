import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { issueLine, limitKeys } from "./config-values.ts";
import { nearest } from "./nearest.ts";
import { networkModes } from "./network-modes.ts";
import { pricesConfig } from "./prices-config.ts";
import { readSmallFile } from "./read-small-file.ts";

const keys = {
  $schema: z.string().optional(),
  ...limitKeys,
  provider: z.string().min(1).optional(),
  /** Settings of a provider, by its name as it is given: `{ "docker": { … } }`. */
  providers: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  harness: z.string().min(1).optional(),
  /** Settings of a harness, by its name as it is given: `{ "claude-code": { … } }`. */
  harnesses: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  /** Where the model's API is, when it is not the harness's own. */
  upstream: z.url({ protocol: /^https?$/ }).optional(),
  runtime: z.string().min(1).optional(),
  image: z.string().min(1).optional(),
  dockerfile: z.string().min(1).optional(),
  env: z.record(z.string(), z.string()).optional(),
  /** `{ "mode": "sealed", "allow": ["example.com"], "credentials": { "git.example.com": "GIT_TOKEN:basic" } }`. */
  network: z
    .strictObject({
      mode: z.enum(networkModes).optional(),
      allow: z.array(z.string()).optional(),
      credentials: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  labels: z.record(z.string(), z.string()).optional(),
  mounts: z.array(z.string()).optional(),
  rootInside: z.boolean().optional(),
  model: z.string().min(1).optional(),
  prices: pricesConfig.optional(),
  allowedTools: z.array(z.string().min(1)).optional(),
  appendSystemPrompt: z.string().optional(),
  ignore: z.array(z.string()).optional(),
  /** Catalogs beside the usual one: `{ "sources": { "team": "https://git.example.com/team/catalog.git" } }`. */
  components: z.strictObject({ sources: z.record(z.string(), z.string()).optional() }).optional(),
};

const schema = z.object(keys);

/** The person's own configuration, `config.json` in the state folder. */
export type UserConfig = z.infer<typeof schema>;

/** The keys that this file knows; some of them only this file may set. */
export const userConfigKeys: readonly string[] = Object.keys(keys);

export interface LoadedUserConfig {
  readonly config: UserConfig;
  readonly warnings: readonly string[];
}

/** A wrong type is an error, an unknown key a warning. */
export async function loadUserConfig(home: string): Promise<LoadedUserConfig> {
  const path = join(home, "config.json");
  const text = await readSmallFile(path);
  if (text === undefined) return { config: {}, warnings: [] };
  const value = parseJson(text, path);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidOptionsError(`${path}: ${issueLine(parsed.error)}`, {
      hint: "The README of @glovebox/cli lists the keys.",
    });
  }
  const warnings = Object.keys(value as object)
    .filter((key) => !userConfigKeys.includes(key))
    .map((key) => {
      const meant = nearest(key, userConfigKeys);
      return `${path}: unknown key "${key}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
    });
  return { config: parsed.data, warnings };
}

export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidOptionsError(`${path} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}

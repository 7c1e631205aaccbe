import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { issueLine, limitKeys } from "./config-values.ts";
import { nearest } from "./nearest.ts";
import { readSmallFile } from "./read-small-file.ts";
import { parseJson, userConfigKeys } from "./user-config.ts";

const narrowing = ["sealed", "none"] as const;

const keys = {
  $schema: z.string().optional(),
  ...limitKeys,
  /** Only what narrows. */
  network: z.enum(narrowing).optional(),
  model: z.string().min(1).optional(),
  /** Added to what is left out of the result; taking something back in is the person's to say. */
  ignore: z.array(z.string().regex(/^[^!]/, 'must not start with "!"')).optional(),
};

const schema = z.strictObject(keys);

/** What the folder a person stands in may say: limits, which only ever lower the person's own, and small wishes. */
export type ProjectConfig = z.infer<typeof schema>;

export const projectConfigName = "glovebox.config.json";

/** Words that a project might try, beside the keys that the person's own file has. */
const widening = [
  "allowHost",
  "allowHosts",
  "credentials",
  "mount",
  "dockerHost",
  "envFile",
  "extraArgs",
  "output",
  "workspace",
  "buildArgs",
  "credential",
];

/** The folder may be hostile: whatever would widen the sandbox is refused by name. */
export async function loadProjectConfig(directory: string): Promise<ProjectConfig> {
  const path = join(directory, projectConfigName);
  const text = await readSmallFile(path);
  if (text === undefined) return {};
  const value = parseJson(text, path);
  for (const key of typeof value === "object" && value !== null ? Object.keys(value) : []) {
    if (!Object.hasOwn(keys, key)) refuse(key);
  }
  const { network } = value as { readonly network?: unknown };
  if (network !== undefined && !narrowing.some((mode) => mode === network)) {
    throw new InvalidOptionsError(
      `${projectConfigName} may not set "network" to more than ${narrowing.map((mode) => `"${mode}"`).join(" or ")}: a project must not widen its own sandbox`,
      { hint: "Give it on the command line, or in config.json in your ~/.glovebox folder." },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(`${projectConfigName}: ${issueLine(parsed.error)}`);
}

function refuse(key: string): never {
  if (userConfigKeys.includes(key) || widening.includes(key)) {
    throw new InvalidOptionsError(
      `${projectConfigName} may not set "${key}": a project must not widen its own sandbox`,
      {
        hint: userConfigKeys.includes(key)
          ? "Give it on the command line, or in config.json in your ~/.glovebox folder."
          : "Give it on the command line.",
      },
    );
  }
  const meant = nearest(key, Object.keys(keys));
  throw new InvalidOptionsError(`${projectConfigName}: unknown key "${key}"`, {
    hint: meant === undefined ? `It may hold ${Object.keys(keys).slice(1).join(", ")}.` : `Did you mean "${meant}"?`,
  });
}

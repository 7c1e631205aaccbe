import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { projectConfig, projectModes } from "@glovebox/core/run-config";
import { type ProjectSettings, runSettings } from "@glovebox/core/run-settings";
import { builtIn } from "../built-in.ts";
import { didYouMean } from "./did-you-mean.ts";
import { issueLine } from "./issue-line.ts";
import { parseJsonc } from "./parse-jsonc.ts";
import { pluginSettings } from "./plugin-settings.ts";
import { userConfigKeys } from "./user-config.ts";

const file = projectConfig();

export const projectConfigName = "glovebox.config.json";

/** Every setting that a project might try, by its flag's name or a plausible one. */
const widening = [
  ...Object.keys({ ...runSettings, ...pluginSettings }),
  "allowHosts",
  "credentials",
  // Where a provider's engine is.
  ...builtIn.published.provider.map((name) => `${name}Host`),
  "buildArgs",
  "extraArgs",
];

/** What the current directory may set. It may come from a stranger: whatever would widen the sandbox is refused by name. */
export async function loadProjectConfig(directory: string): Promise<ProjectSettings> {
  const path = join(directory, projectConfigName);
  const text = await readHostText(path);
  if (text === undefined) return {};
  const value = parseJsonc(text, path);
  for (const key of typeof value === "object" && value !== null ? Object.keys(value) : []) {
    if (!file.keys.includes(key)) refuse(key);
  }
  const { network } = value as { readonly network?: unknown };
  if (network !== undefined && !projectModes.some((mode) => mode === network)) {
    throw new InvalidOptionsError(
      `${projectConfigName} may not set "network" to more than ${projectModes.map((mode) => `"${mode}"`).join(" or ")}: a project must not widen its own sandbox`,
      { hint: "Set it on the command line, or in config.json in your ~/.glovebox directory." },
    );
  }
  const parsed = file.schema.safeParse(value, { reportInput: true });
  if (parsed.success) return file.settingsOf(parsed.data);
  throw new InvalidOptionsError(`${projectConfigName}: ${issueLine(parsed.error)}`);
}

function refuse(key: string): never {
  if (userConfigKeys.includes(key) || widening.includes(key)) {
    throw new InvalidOptionsError(
      `${projectConfigName} may not set "${key}": a project must not widen its own sandbox`,
      {
        hint: userConfigKeys.includes(key)
          ? "Set it on the command line, or in config.json in your ~/.glovebox directory."
          : "Set it on the command line.",
      },
    );
  }
  const meant = didYouMean(key, file.keys);
  throw new InvalidOptionsError(`${projectConfigName}: unknown key "${key}"`, {
    hint: meant === undefined ? `It may hold ${file.keys.slice(1).join(", ")}.` : `Did you mean "${meant}"?`,
  });
}

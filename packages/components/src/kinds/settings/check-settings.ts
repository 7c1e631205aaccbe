import { ComponentRefusal } from "../component-refusal.ts";
import { isJsonObject, type JsonObject } from "../text/read-json-object.ts";

type Check = readonly [wanted: string, fits: (value: unknown) => boolean];

const text: Check = ["a text", (value) => typeof value === "string"];
const truth: Check = ["true or false", (value) => typeof value === "boolean"];
const table: Check = ["an object", isJsonObject];
const list: Check = ["a list", (value) => Array.isArray(value)];

const modes = ["acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "plan"];

/** Settings, by their path, for which Claude Code 2.1.328 was tested with a wrong value. */
const checks: Readonly<Record<string, Check>> = {
  model: text,
  apiKeyHelper: text,
  outputStyle: text,
  language: text,
  awsAuthRefresh: text,
  awsCredentialExport: text,
  otelHeadersHelper: text,
  includeCoAuthoredBy: truth,
  enableAllProjectMcpServers: truth,
  alwaysThinkingEnabled: truth,
  spinnerTipsEnabled: truth,
  disableAllHooks: truth,
  cleanupPeriodDays: ["a whole number above 0", (value) => Number.isInteger(value) && Number(value) > 0],
  env: table,
  enabledPlugins: table,
  permissions: table,
  "permissions.allow": list,
  "permissions.deny": list,
  "permissions.ask": list,
  "permissions.additionalDirectories": list,
  "permissions.defaultMode": [`one of ${modes.join(", ")}`, (value) => modes.includes(String(value))],
  sandbox: table,
  "sandbox.enabled": truth,
  statusLine: table,
  "statusLine.padding": ["a number", (value) => typeof value === "number"],
};

/** One value of a wrong type makes Claude Code pass over the whole settings file: such a component is refused. */
export function checkSettings(settings: JsonObject): void {
  for (const [path, [wanted, fits]] of Object.entries(checks)) {
    const value = valueAt(settings, path);
    if (value !== undefined && !fits(value))
      throw new ComponentRefusal(
        `sets ${path} to something that is not ${wanted}; Claude Code would pass over all settings`,
      );
  }
  const { statusLine } = settings;
  if (isJsonObject(statusLine) && (statusLine.type !== "command" || typeof statusLine.command !== "string"))
    throw new ComponentRefusal("has a status line that is no command; Claude Code would pass over all settings");
}

function valueAt(settings: JsonObject, path: string): unknown {
  const [first = "", second] = path.split(".");
  const value = settings[first];
  if (second === undefined) return value;
  return isJsonObject(value) ? value[second] : undefined;
}

import { ComponentRefusal } from "./component-refusal.ts";
import { isJsonObject, type JsonObject } from "./read-json-object.ts";

const types: Readonly<Record<string, "string" | "boolean" | "number" | "object" | "list">> = {
  model: "string",
  apiKeyHelper: "string",
  outputStyle: "string",
  language: "string",
  forceLoginMethod: "string",
  awsAuthRefresh: "string",
  awsCredentialExport: "string",
  otelHeadersHelper: "string",
  cleanupPeriodDays: "number",
  includeCoAuthoredBy: "boolean",
  enableAllProjectMcpServers: "boolean",
  disableAllHooks: "boolean",
  alwaysThinkingEnabled: "boolean",
  spinnerTipsEnabled: "boolean",
  enabledMcpjsonServers: "list",
  disabledMcpjsonServers: "list",
  env: "object",
  permissions: "object",
  statusLine: "object",
  sandbox: "object",
};

/** One value of a wrong type makes Claude Code pass over the whole settings file: such a component is refused. */
export function checkSettings(settings: JsonObject): void {
  for (const [key, type] of Object.entries(types)) {
    const value = settings[key];
    if (value !== undefined && !hasType(value, type)) throw wrongType(key, type);
  }
  const { statusLine, permissions, env } = settings;
  if (isJsonObject(statusLine) && (statusLine.type !== "command" || typeof statusLine.command !== "string"))
    throw new ComponentRefusal("has a status line that is no command; Claude Code would pass over all settings");
  for (const list of ["allow", "deny", "ask", "additionalDirectories"]) {
    const value = isJsonObject(permissions) ? permissions[list] : undefined;
    if (value !== undefined && !(Array.isArray(value) && value.every((rule) => typeof rule === "string")))
      throw wrongType(`permissions.${list}`, "list");
  }
  if (isJsonObject(env))
    for (const [name, value] of Object.entries(env))
      if (typeof value === "object") throw wrongType(`env.${name}`, "string");
}

function hasType(value: unknown, type: string): boolean {
  if (type === "list") return Array.isArray(value) && value.every((item) => typeof item === "string");
  return type === "object" ? isJsonObject(value) : typeof value === type;
}

function wrongType(key: string, type: string): ComponentRefusal {
  const wanted = {
    string: "a text",
    boolean: "true or false",
    number: "a number",
    object: "an object",
    list: "a list of texts",
  };
  const name = wanted[type as keyof typeof wanted];
  return new ComponentRefusal(`sets ${key} to something that is not ${name}; Claude Code would pass over all settings`);
}

import type { Harness } from "@glovebox/core/harness";
import type { Capabilities } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { type InstalledPlugin, installedPlugins } from "./installed-plugins.ts";
import type { PluginKind } from "./plugin-kind.ts";

/** `glovebox providers` and `glovebox harnesses`. */
export async function printPlugins(
  kind: PluginKind,
  options: { readonly json?: boolean },
  { env, stdout, stderr }: Terminal,
): Promise<number> {
  const plugins = await installedPlugins(kind, stateDirectory(env));
  if (options.json) for (const plugin of plugins) stdout.json(asJson(plugin));
  else if (plugins.length === 0) stderr.line("None is installed.");
  else {
    const what = kind === "provider" ? "CAN" : "CREDENTIALS";
    const rows = plugins.map((plugin) => [plugin.name, plugin.version, plugin.where, whatOf(plugin)]);
    stdout.table(["NAME", "VERSION", "WHERE", what], rows);
  }
  return 0;
}

function whatOf({ plugin, problem }: InstalledPlugin): string {
  if (plugin === undefined) return safeLine(`cannot be used: ${problem}`, 200);
  if (!("capabilities" in plugin)) return credentialsOf(plugin).join(", ") || "none";
  return capabilityWords(plugin.capabilities).join(", ");
}

function credentialsOf({ credentials }: Harness): readonly string[] {
  return credentials.map(({ variable }) => variable);
}

/** What it can do at most, in words; what it cannot is left out. */
function capabilityWords(capabilities: Capabilities): readonly string[] {
  const { templates, resources, egress, maxTtlMs: _, ...others } = capabilities;
  const group = (title: string, flags: Readonly<Record<string, unknown>>) => {
    const names = Object.entries(flags).flatMap(([name, value]) => (value === true ? [name] : []));
    return names.length === 0 ? [] : [`${title} (${names.join(" ")})`];
  };
  const { modes, ...rules } = egress;
  return [
    ...group("templates", templates),
    ...group("limits", resources),
    `network (${[...modes, ...Object.entries(rules).flatMap(([name, value]) => (value ? [name] : []))].join(" ")})`,
    ...Object.entries(others).flatMap(([name, value]) => (value === true ? [name] : [])),
  ];
}

function asJson({ plugin, ...rest }: InstalledPlugin): object {
  if (plugin === undefined) return rest;
  if ("capabilities" in plugin) return { ...rest, id: plugin.id, capabilities: plugin.capabilities };
  return { ...rest, id: plugin.id, credentials: credentialsOf(plugin) };
}

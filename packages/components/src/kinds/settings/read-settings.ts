import type { ComponentContent, ComponentVariable } from "../component-content.ts";
import type { ComponentInput } from "../component-input.ts";
import { ComponentRefusal } from "../component-refusal.ts";
import { emptyContent } from "../empty-content.ts";
import { type HookTable, hookEvents, parseHooks } from "../hooks/parse-hooks.ts";
import { isSecretName, placeholderIn } from "../mcp/placeholder.ts";
import { hostsIn } from "../mcp/urls-in.ts";
import {
  type PluginPlace,
  pluginDirectory,
  pluginFiles,
  pluginScripts,
  refersToPluginRoot,
  replacePluginRoot,
} from "../plugin/plugin-files.ts";
import { commandVariables } from "../shell/command-variables.ts";
import { companionFiles } from "../shell/companion-files.ts";
import { mapHookCommands } from "../shell/map-hook-commands.ts";
import { pointHookAtWorkspace, pointStatusLineAtWorkspace } from "../shell/point-at-workspace.ts";
import { programObstacles } from "../shell/program-obstacles.ts";
import { runByBash } from "../shell/run-by-bash.ts";
import { shellNeeds } from "../shell/shell-needs.ts";
import { isJsonObject, type JsonObject, readJsonObject } from "../text/read-json-object.ts";
import { withoutInvisible } from "../text/without-invisible.ts";
import { checkSettings } from "./check-settings.ts";
import { settingsWarnings, unsetVariable } from "./settings-warnings.ts";

/** Fields of the catalog's own, which are no settings. */
const catalogFields: ReadonlySet<string> = new Set(
  "$schema description name version author category tags keywords files supportingFiles additionalFiles".split(" "),
);

/** A setting or a hook: JSON that is merged into `.claude/settings.local.json`, and the scripts that it runs. */
export async function readSettings(input: ComponentInput): Promise<ComponentContent> {
  // A whole plugin keeps its places, and Claude Code knows its root.
  const part = input.isWhole ? undefined : input.plugin;
  const label = `${input.kind} ${input.baseName}`;
  const json = withHooks(readJsonObject(await input.tree.read(input.path)), input);
  const warnings: string[] = [];
  const hooks = json.hooks === undefined ? {} : parseHooks(json.hooks, warnings);
  if (input.kind === "hook" && Object.keys(hooks).length === 0) throw new ComponentRefusal("holds no hook");
  const raw = Object.fromEntries(Object.entries(json).filter(([key]) => !catalogFields.has(key)));
  if (Object.keys(raw).length === 0) throw new ComponentRefusal("holds no setting");
  checkSettings(raw);
  const commands = commandsOf(raw, hooks);
  const companions = await companionFiles(input, json, commands);
  const fromPlugin = part === undefined ? [] : await pluginFiles(input.tree, part, JSON.stringify(raw));
  const files = [...companions.files, ...fromPlugin];
  const { filled, variables, partly } = takeOutPlaceholders(raw, label);
  const scripts = input.plugin === undefined ? [] : await pluginScripts(input.tree, input.plugin, commands);
  const needs = [...companions.files, ...scripts];
  const programs = shellNeeds(commandsOf({}, hooks), commandsOf(raw, {}), needs, label);
  const settings = placeCommands(filled, hooks, [...files.map((file) => file.path), ...companions.missing], part);
  return {
    ...emptyContent,
    description: typeof json.description === "string" ? json.description : "",
    files,
    settings,
    tools: [...new Set(Object.values(hooks).flatMap((list) => list.flatMap((item) => item.matcher ?? [])))].filter(
      Boolean,
    ),
    hosts: hostsIn(JSON.stringify(raw)),
    commands,
    variables: [...variables, ...commandVariables(commands, label)],
    programs,
    missingScripts: companions.missing,
    obstacles: [...unsetObstacles(hooks), ...programObstacles(programs)],
    warnings: [
      ...warnings,
      ...settingsWarnings(raw, hooks),
      ...partly.map(
        ([name, placeholder]) => `It holds ${placeholder} in ${name}: write a setting of your own for that`,
      ),
    ],
  };
}

/** Some write the events without the name around them. */
function withHooks(json: JsonObject, input: ComponentInput): JsonObject {
  const keys = Object.keys(json).filter((key) => !catalogFields.has(key));
  const bare = input.kind === "hook" && keys.length > 0 && keys.every((key) => hookEvents.has(key));
  if (!bare) return json;
  const hooks = Object.fromEntries(keys.map((key) => [key, json[key]]));
  return { ...Object.fromEntries(Object.entries(json).filter(([key]) => catalogFields.has(key))), hooks };
}

function commandsOf(settings: JsonObject, hooks: HookTable): string[] {
  const ofHooks = Object.values(hooks).flatMap((list) =>
    list.flatMap((item) => item.hooks.map((hook) => hook.command)),
  );
  const { statusLine } = settings;
  return [...ofHooks, isJsonObject(statusLine) ? statusLine.command : undefined].filter(
    (command) => typeof command === "string",
  );
}

function unsetObstacles(hooks: HookTable): string[] {
  const unset = commandsOf({}, hooks).flatMap((command) => unsetVariable(command) ?? []);
  return [...new Set(unset)].map((name) => `reads ${name}, which Claude Code does not set`);
}

/** Points every command at the files where they are placed. */
function placeCommands(
  raw: JsonObject,
  hooks: HookTable,
  placed: readonly string[],
  plugin: PluginPlace | undefined,
): JsonObject {
  const { statusLine } = raw;
  const table = mapHookCommands(hooks, (command) =>
    runByBash(pointHookAtWorkspace(withPluginRoot(command, plugin), placed)),
  );
  const settings = {
    ...raw,
    ...(Object.keys(table).length === 0 ? {} : { hooks: table }),
    ...(isJsonObject(statusLine)
      ? { statusLine: { ...statusLine, command: pointStatusLineAtWorkspace(String(statusLine.command), placed) } }
      : {}),
  };
  return plugin === undefined ? settings : (replacePluginRoot(settings, plugin, "shell") as JsonObject);
}

/** A hook of a plugin finds the plugin's root in its environment, and so do the programs that it starts. */
function withPluginRoot(command: string, plugin: PluginPlace | undefined): string {
  if (plugin === undefined || !refersToPluginRoot(command)) return command;
  return `export CLAUDE_PLUGIN_ROOT="$CLAUDE_PROJECT_DIR/${pluginDirectory(plugin)}"; ${command}`;
}

interface WithoutPlaceholders {
  readonly filled: JsonObject;
  /** What the environment has to hold in their place. */
  readonly variables: readonly ComponentVariable[];
  /** Names, with the placeholder, of values that hold more than that. */
  readonly partly: readonly (readonly [name: string, placeholder: string])[];
}

/**
 * Leaves out of `env` what is a placeholder as a whole. Claude Code takes these values as they are, before those of its
 * environment: without them, the environment's stand.
 */
function takeOutPlaceholders(settings: JsonObject, neededBy: string): WithoutPlaceholders {
  const { env, ...rest } = settings;
  if (!isJsonObject(env)) return { filled: settings, variables: [], partly: [] };
  const found = Object.entries(env).flatMap(([name, value]) => {
    const text = String(withoutInvisible(value));
    const placeholder = placeholderIn(text);
    return placeholder === undefined ? [] : [{ name, placeholder, isWhole: placeholder === text.trim() }];
  });
  const whole = found.filter(({ isWhole }) => isWhole);
  const kept = Object.entries(env).filter(([name]) => !whole.some((item) => item.name === name));
  return {
    filled: kept.length === 0 ? rest : { ...rest, env: Object.fromEntries(kept) },
    variables: whole.map(({ name, placeholder }) => ({
      name,
      neededBy,
      secret: isSecretName(name),
      placeholder,
    })),
    partly: found.filter(({ isWhole }) => !isWhole).map(({ name, placeholder }) => [name, placeholder]),
  };
}

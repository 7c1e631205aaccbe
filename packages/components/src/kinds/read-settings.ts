import { checkSettings } from "./check-settings.ts";
import { commandVariables } from "./command-variables.ts";
import { companionFiles } from "./companion-files.ts";
import type { ComponentContent, ComponentVariable } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { emptyContent } from "./empty-content.ts";
import { type HookTable, hookEvents, parseHooks } from "./parse-hooks.ts";
import { isSecretName, placeholderIn } from "./placeholder.ts";
import { pluginFiles, replacePluginRoot } from "./plugin-files.ts";
import { isJsonObject, type JsonObject, readJsonObject } from "./read-json-object.ts";
import { pointAtWorkspace } from "./script-references.ts";
import { settingsWarnings } from "./settings-warnings.ts";
import { hostsIn } from "./urls-in.ts";

/** Fields of the catalog's own, which are no settings. */
const catalogFields: ReadonlySet<string> = new Set(
  "$schema description name version author category tags keywords files supportingFiles additionalFiles".split(" "),
);

/** A setting or a hook: JSON that is merged into `.claude/settings.local.json`, and the scripts that it runs. */
export async function readSettings(input: ComponentInput): Promise<ComponentContent> {
  const json = withHooks(readJsonObject(await input.tree.read(input.path)), input);
  const warnings: string[] = [];
  const hooks = json.hooks === undefined ? {} : parseHooks(json.hooks, warnings);
  if (input.kind === "hook" && Object.keys(hooks).length === 0) throw new ComponentRefusal("holds no hook");
  const raw = Object.fromEntries(Object.entries(json).filter(([key]) => !catalogFields.has(key)));
  if (Object.keys(raw).length === 0) throw new ComponentRefusal("holds no setting");
  checkSettings(raw);
  const commands = commandsOf(raw, hooks);
  const companions = await companionFiles(input, json, commands);
  const fromPlugin = input.plugin === undefined ? [] : await pluginFiles(input.tree, input.plugin, JSON.stringify(raw));
  const files = [...companions.files, ...fromPlugin];
  const { filled, variables, partly } = takeOutPlaceholders(raw, `${input.kind} ${input.baseName}`);
  const settings = placeCommands(filled, hooks, [...files.map((file) => file.path), ...companions.missing], input);
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
    variables: [...variables, ...commandVariables(commands, `${input.kind} ${input.baseName}`)],
    missingScripts: companions.missing,
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

/** Points every command at the files where they are placed. */
function placeCommands(
  raw: JsonObject,
  hooks: HookTable,
  placed: readonly string[],
  input: ComponentInput,
): JsonObject {
  const { statusLine } = raw;
  const table = Object.fromEntries(
    Object.entries(hooks).map(([event, list]) => [
      event,
      list.map((item) => ({
        ...item,
        hooks: item.hooks.map((hook) =>
          typeof hook.command === "string"
            ? { ...hook, command: pointAtWorkspace(hook.command, placed, "project") }
            : hook,
        ),
      })),
    ]),
  );
  const settings = {
    ...raw,
    ...(Object.keys(table).length === 0 ? {} : { hooks: table }),
    ...(isJsonObject(statusLine)
      ? { statusLine: { ...statusLine, command: pointAtWorkspace(String(statusLine.command), placed, "relative") } }
      : {}),
  };
  return input.plugin === undefined ? settings : (replacePluginRoot(settings, input.plugin, "shell") as JsonObject);
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
    const placeholder = placeholderIn(String(value));
    return placeholder === undefined ? [] : [{ name, placeholder, isWhole: placeholder === value }];
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

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine, safeName } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { changeUserConfig, emptyUserConfig, writeUserConfig } from "./change-user-config.ts";
import { findConfigKey, parseConfigValue } from "./config-key.ts";
import { type ListConfigOptions, listSettings, type OptionSource } from "./list-settings.ts";
import { parseJsonc } from "./parse-jsonc.ts";
import { parseUserConfig } from "./user-config.ts";
import { userConfigPath } from "./user-config-path.ts";

/** `glovebox config path`. */
export async function printConfigPath({ env, stdout }: Terminal): Promise<number> {
  stdout.line(userConfigPath(stateDirectory(env)));
  return 0;
}

/** `glovebox config get`. */
export async function getConfig(key: string, { env, stdout }: Terminal): Promise<number> {
  const path = userConfigPath(stateDirectory(env));
  let value: unknown = parseJsonc((await readHostText(path)) ?? "{}", path);
  for (const part of findConfigKey(key).path) {
    value =
      typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, part)?.value : undefined;
  }
  if (value === undefined) {
    throw new InvalidOptionsError(`${key} is not set in ${path}`, {
      hint: "`glovebox config list --all` shows what is used.",
    });
  }
  if (typeof value === "object") stdout.json(value);
  else stdout.line(String(value));
  return 0;
}

/** `glovebox config set`. */
export async function setConfig(key: string, words: readonly string[], { env, stdout }: Terminal): Promise<number> {
  const found = findConfigKey(key);
  const home = stateDirectory(env);
  const value = parseConfigValue(found, words);
  await changeUserConfig(home, found.path, value);
  stdout.line(`${key} is ${safeLine(JSON.stringify(value))} in ${safeName(userConfigPath(home))}`);
  return 0;
}

/** `glovebox config unset`. */
export async function unsetConfig(key: string, { env, stdout }: Terminal): Promise<number> {
  const home = stateDirectory(env);
  await changeUserConfig(home, findConfigKey(key).path, undefined);
  stdout.line(`${key} is not set in ${safeName(userConfigPath(home))}`);
  return 0;
}

/** `glovebox config list`. */
export async function listConfig(
  options: ListConfigOptions,
  sourceOf: OptionSource,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const { rows, warnings } = await listSettings(options, sourceOf, terminal);
  for (const warning of warnings) stderr.line(`${stderr.colors.yellow("warning:")} ${warning}`);
  if (options.json) for (const row of rows) stdout.json(row);
  else if (rows.length > 0)
    stdout.table(
      ["SETTING", "VALUE", "FROM"],
      rows.map(({ key, value, from }) => [key, value, from]),
    );
  else stderr.line("Nothing is set; --all lists the defaults.");
  return 0;
}

/** `glovebox config edit`. */
export async function editConfig({ env }: Terminal): Promise<number> {
  const home = stateDirectory(env);
  const path = userConfigPath(home);
  await writeUserConfig(home, (await readHostText(path)) ?? emptyUserConfig);
  // As git does: the variable may hold arguments, such as `code --wait`.
  const [editor = "vi", ...args] = (env.VISUAL || env.EDITOR || "vi").split(/\s+/).filter((word) => word !== "");
  const child = spawn(editor, [...args, path], { stdio: "inherit" });
  const [code] = (await once(child, "close").catch((error: Error) => {
    throw new InvalidOptionsError(`${editor} cannot be started: ${error.message}`, {
      hint: "Set EDITOR to your editor.",
    });
  })) as [number | null];
  if (code !== 0)
    throw new InvalidOptionsError(`${editor} ended with ${code ?? "a signal"}: the file is as it left it`);
  parseUserConfig((await readHostText(path)) ?? "{}", path);
  return 0;
}

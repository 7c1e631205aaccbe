import type { PluginCommand } from "@glovebox/core/plugin";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { pluginCommand } from "./plugin-command.ts";
import { type PluginManifest, readPluginManifests } from "./plugin-manifests.ts";
import { resolveFrom } from "./plugin-places.ts";

/** A command that an installed plugin adds; loaded only when it is used or its help is printed. */
export interface AddedCommand {
  readonly name: string;
  readonly summary: string;
  readonly build: (cli: Cli) => Promise<Command>;
}

/** The commands of all installed plugins, as their manifests list them. */
export function addedCommands(home: string): readonly AddedCommand[] {
  const commands = new Map<string, AddedCommand>();
  for (const manifest of readPluginManifests(home)) {
    for (const [name, summary] of Object.entries(manifest.glovebox?.commands ?? {})) {
      if (commands.has(name)) continue;
      const build = async (cli: Cli) => pluginCommand(cli, await loadCommand(name, manifest, home), summary);
      commands.set(name, { name, summary, build });
    }
    const harness = manifest.name.replace(/^@glovebox\/harness-/, "");
    for (const [name, summary] of Object.entries(manifest.glovebox?.sessions ?? {})) {
      if (commands.has(name) || manifest.kind !== "harness") continue;
      const build = async (cli: Cli) => {
        const { sessionCommand } = await import("../commands/session/session.ts");
        return sessionCommand(cli, { name, summary, harness });
      };
      commands.set(name, { name, summary, build });
    }
  }
  return [...commands.values()].sort((a, b) => a.name.localeCompare(b.name));
}

async function loadCommand(name: string, manifest: PluginManifest, home: string): Promise<PluginCommand> {
  const { loadHarnessPlugin, loadProviderPlugin } = await import("@glovebox/core");
  const load = manifest.kind === "harness" ? loadHarnessPlugin : loadProviderPlugin;
  const plugin = await load(manifest.name, { resolveFrom: resolveFrom(home) });
  const command = await plugin.commands?.[name]?.();
  if (command !== undefined) return command;
  const { InvalidOptionsError } = await import("@glovebox/core/provider");
  throw new InvalidOptionsError(`${manifest.name} lists the command ${name} but does not export it`, {
    hint: "Update the package, or report this to its author.",
  });
}

/** Builds the commands of plugins: those in `used` whole, the others by name and summary. */
export async function createAddedCommands(
  cli: Cli,
  added: readonly AddedCommand[],
  used: (name: string) => boolean,
): Promise<readonly Command[]> {
  return await Promise.all(
    added.map(async ({ name, summary, build }) =>
      used(name) ? await build(cli) : new Command(name).summary(summary).action(() => {}),
    ),
  );
}

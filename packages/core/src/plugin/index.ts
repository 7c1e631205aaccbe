/**
 * What the commands and the set-up of a plugin are made of.
 *
 * @module @glovebox/core/plugin
 */
export type {
  CommandContext,
  CommandOutput,
  ConsentOptions,
  PluginSettings,
  Progress,
  TextStyles,
} from "./command-context.ts";
export type { CommandArgument, CommandInput, CommandOption, PluginCommand, PluginCommands } from "./plugin-command.ts";
export type { PluginHost } from "./plugin-host.ts";
export type { SetupOptions } from "./setup-options.ts";

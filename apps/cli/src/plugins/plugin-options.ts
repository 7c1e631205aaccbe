import { stateDirectory } from "@glovebox/core/state";
import type { Option } from "commander";
import type { Cli } from "../cli.ts";
import { PluginFlags } from "./plugin-flags.ts";
import type { PluginKind } from "./plugin-kind.ts";
import { readPluginManifests } from "./plugin-manifests.ts";

/** The options that installed plugins add to a command; only those of one kind where it is given. */
export function pluginOptions({ terminal }: Cli, kind?: PluginKind): Option[] {
  const manifests = readPluginManifests(stateDirectory(terminal.env));
  return new PluginFlags(manifests.filter((manifest) => kind === undefined || manifest.kind === kind)).options();
}

import { Option } from "commander";
import { gather } from "../config/option-values.ts";

/** The options that name components. */
export function componentOptions(): Option[] {
  const named = (kind: string, what: string) =>
    new Option(`--${kind} <names>`, `${what}, by commas (repeatable)`).argParser(gather);
  return [
    named("agent", "sub-agents of a catalog, or ./files"),
    named("command", "slash commands"),
    named("mcp", "MCP servers"),
    named("setting", "settings"),
    named("hook", "hooks"),
    named("skill", "skills, or ./folders"),
    ...sourceOptions(),
  ];
}

/** The options that say where components come from. */
export function sourceOptions(): Option[] {
  return [
    new Option(
      "--components-source <[name=]source>",
      "also this catalog: github:owner/repository, a git URL, an archive or a folder (repeatable)",
    ).argParser(gather),
    new Option("--offline", "use the components that were fetched before, and fetch none"),
  ];
}

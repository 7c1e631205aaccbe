import type { Resources } from "@glovebox/core/provider";
import { flagOf, type RunSetting, runSettings } from "@glovebox/core/run-settings";

const prefix = "resources.";

/** The flags that set what the contract calls by other names: `memoryMiB` is `--memory`. */
export const limitOptions = Object.fromEntries(
  Object.entries<RunSetting>(runSettings).flatMap(([name, { spec }]) =>
    spec?.startsWith(prefix) ? [[spec.slice(prefix.length), flagOf(name)]] : [],
  ),
) as Readonly<Record<keyof Resources, string>>;

const limitName = new RegExp(`\\blimit (${Object.keys(limitOptions).join("|")})\\b( is\\b)?`, "g");

/** Errors name a limit as the contract does (`the limit diskMiB`); the command line knows it by its flag. */
export function withLimitOptions(text: string): string {
  return text.replace(limitName, (_, name: keyof Resources, is: string | undefined) => {
    const unit = is !== undefined && name.endsWith("MiB") ? " in MiB" : "";
    return `limit ${limitOptions[name]}${unit}${is ?? ""}`;
  });
}

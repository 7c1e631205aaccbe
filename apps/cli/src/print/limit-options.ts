import type { Resources } from "@glovebox/core/provider";

/** The options that set what the contract calls by other names. */
export const limitOptions: Readonly<Record<keyof Resources, string>> = {
  cpus: "--cpus",
  memoryMiB: "--memory",
  pids: "--pids",
  diskMiB: "--disk",
  openFiles: "--open-files",
  tmpMiB: "--tmp-size",
};

const limitName = new RegExp(`\\blimit (${Object.keys(limitOptions).join("|")})\\b( is\\b)?`, "g");

/** Errors name a limit as the contract does (`the limit diskMiB`); a person knows it by its option. */
export function withLimitOptions(text: string): string {
  return text.replace(limitName, (_, name: keyof Resources, is: string | undefined) => {
    const unit = is !== undefined && name.endsWith("MiB") ? " in MiB" : "";
    return `limit ${limitOptions[name]}${unit}${is ?? ""}`;
  });
}

import type { Remedy } from "@glovebox/core/provider";
import { flagOf, settingOfSpec } from "@glovebox/core/run-settings";

type Raisable = Extract<Remedy, { readonly raise: unknown }>["raise"];
type Settable = Exclude<Extract<Remedy, { readonly set: unknown }>["set"], "network">;

const settings: Readonly<Record<Settable, string>> = {
  image: "--image or --dockerfile",
  model: "--model",
  overwrite: "--overwrite",
  workspace: "--workspace",
};

/** The flag that raises a limit, which a remedy calls as a `RunSpec` does. */
function flagOfLimit(limit: Raisable): string {
  return flagOf(settingOfSpec(limit) ?? limit);
}

/** The flags that a remedy stands for: `--allow-host example.com:8443`. */
export function remedyFlags(remedy: Remedy): string | undefined {
  if ("allowHost" in remedy) return `--allow-host ${remedy.allowHost}`;
  if ("raise" in remedy) return flagOfLimit(remedy.raise);
  if ("do" in remedy) return undefined;
  return remedy.set === "network" ? `--network ${remedy.value}` : settings[remedy.set];
}

/** A remedy as a sentence: `Raise it with --timeout.` */
export function describeRemedy(remedy: Remedy, providerId?: string): string {
  if ("raise" in remedy) return `Raise the limit with ${flagOfLimit(remedy.raise)}.`;
  if (!("do" in remedy)) return `Use ${remedyFlags(remedy)}.`;
  if (remedy.do === "set-up") return "`glovebox doctor --fix` does it.";
  const which = providerId === undefined ? "" : ` --provider ${providerId}`;
  return `\`glovebox template build${which}\` does it.`;
}

/** What to do about something, in one line: the hint, then the remedy. */
export function adviceLine(from: {
  readonly hint?: string | undefined;
  readonly remedy?: Remedy | undefined;
  readonly providerId?: string | undefined;
}): string | undefined {
  const { hint, remedy, providerId } = from;
  const how = remedy === undefined ? undefined : describeRemedy(remedy, providerId);
  return [hint, how].filter((text) => text !== undefined).join(" ") || undefined;
}

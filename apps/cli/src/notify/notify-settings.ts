import { resolve } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { type ResolvedSettings, runSettings } from "@glovebox/core/run-settings";
import type { Environment } from "../terminal.ts";
import { type NotifyTarget, parseNotifyTarget } from "./notify-target.ts";

/** Who is notified about a run, and when. */
export interface NotifySettings {
  readonly targets: readonly NotifyTarget[];
  /** The share of the budget at which it is notified: 0.8. */
  readonly atShare: number;
  /** Signs what is posted; without it, nothing is signed. */
  readonly secret?: Secret;
}

const secretVariable = "GLOVEBOX_NOTIFY_SECRET";
const shortestSecret = 16;

/** Reads the settings of notifications; `undefined` where nobody is notified. Throws `invalid-options`. */
export async function readNotifySettings(
  { notify, notifyAt, notifySecretFile }: ResolvedSettings,
  { env, directory }: { readonly env: Environment; readonly directory: string },
): Promise<NotifySettings | undefined> {
  if (notify === undefined || notify.length === 0) return undefined;
  const targets = notify.map(parseNotifyTarget);
  const atShare = notifyAt ?? runSettings.notifyAt.default;
  const file = notifySecretFile === undefined ? undefined : resolve(directory, notifySecretFile);
  const text = (file === undefined ? env[secretVariable] : await secretOf(file))?.trim();
  if (text === undefined || text === "") return { targets, atShare };
  const source = file === undefined ? secretVariable : "--notify-secret-file";
  if (text.length < shortestSecret)
    throw new InvalidOptionsError(`${source} needs at least ${shortestSecret} characters`);
  return { targets, atShare, secret: new Secret(source, text) };
}

async function secretOf(file: string): Promise<string> {
  const text = await readHostText(file);
  if (text === undefined || text.trim() === "")
    throw new InvalidOptionsError(`--notify-secret-file: ${file} does not exist or is empty`);
  return text;
}

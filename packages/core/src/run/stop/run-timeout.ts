import { limitSettings } from "../../run-settings/limit-settings.ts";
import type { RunSpec } from "../run-spec.ts";

/** A user at a terminal takes breaks. */
const interactiveMs = 12 * 60 * 60_000;

/** How long a run may take, in milliseconds. */
export function runTimeoutMs({ timeoutMs, interactive }: RunSpec): number {
  return timeoutMs ?? (interactive ? interactiveMs : limitSettings.timeout.default);
}

import { randomUUID } from "node:crypto";
import { livenessOf, parseHostProcess, thisProcess } from "@glovebox/core/state";

/** The purpose of a container that is not a sandbox. */
export const helperLabel = "glovebox.helper";
const makerLabel = "glovebox.helper.maker";
const expiresLabel = "glovebox.helper.expires";

const longestMs = 10 * 60_000;

/** Labels come from images too, names do not: only a container with both is a helper. */
export const helperNamePrefix = "glovebox-helper-";

/** A container that helps to make an image. */
export interface HelperContainer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The name and the labels of a container that helps to make an image; they identify it if its process is killed. */
export function helperContainer(purpose: "look" | "check"): HelperContainer {
  return {
    name: `${helperNamePrefix}${randomUUID()}`,
    labels: {
      [helperLabel]: purpose,
      [makerLabel]: JSON.stringify(thisProcess()),
      [expiresLabel]: String(Date.now() + longestMs),
    },
  };
}

/** Whether the process that made a helper is dead, or its time is over where the process is on another machine. */
export function isAbandonedHelper(labels: Readonly<Record<string, string>>): boolean {
  const maker = parseHostProcess(labels[makerLabel] ?? "");
  const liveness = maker === undefined ? "unknown" : livenessOf(maker);
  return liveness === "unknown" ? Number(labels[expiresLabel]) < Date.now() : liveness === "dead";
}

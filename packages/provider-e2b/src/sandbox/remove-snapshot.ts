import { type CallOptions, InvalidOptionsError, type Template } from "@glovebox/core/provider";
import type { E2bApi } from "../api/e2b-api.ts";
import { readReference } from "../template/template-reference.ts";

/** Removes a template that a snapshot made, also while sandboxes made from it run: E2B keeps what they need. */
export async function removeSnapshot(api: E2bApi, { reference }: Template, call: CallOptions): Promise<boolean> {
  const { kind, name } = readReference(reference);
  if (kind !== "snapshot") {
    throw new InvalidOptionsError("The template is not a snapshot of an E2B sandbox", { providerId: "e2b" });
  }
  // False means that it was gone before.
  await api.call("removing the snapshot", call, ({ Sandbox }, options) => Sandbox.deleteSnapshot(name, options));
  return true;
}

import type { CallOptions } from "@glovebox/core/provider";
import type { VendorInfo } from "@glovebox/provider-kit";
import type { SandboxInfo } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import { findSandbox } from "./find-sandbox.ts";
import { isSandbox } from "./metadata.ts";
import { sandboxInfo } from "./sandbox-info.ts";

const operation = "listing the sandboxes";
const pageSize = 100;

/** `ProviderDefinition.list`: running and paused sandboxes. */
export async function* listSandboxes(
  api: E2bApi,
  labels: Readonly<Record<string, string>>,
  call: CallOptions,
): AsyncGenerator<VendorInfo, void, undefined> {
  for await (const facts of matching(api, labels, call)) {
    // Only the full info has the network rules, which distinguish a paused sandbox from a stopped one.
    const full = facts.state === "running" ? facts : await findSandbox(api, facts.sandboxId, call);
    if (full !== undefined) yield sandboxInfo(full);
  }
}

/** Yields Glovebox's sandboxes that have all of the metadata. */
export async function* matching(
  api: E2bApi,
  metadata: Readonly<Record<string, string>>,
  call: CallOptions,
): AsyncGenerator<SandboxInfo, void, undefined> {
  const entries = Object.entries(metadata);
  const query = {
    state: ["running" as const, "paused" as const],
    ...(entries.length > 0 && { metadata: { ...metadata } }),
  };
  const pages = await api.call(operation, call, async ({ Sandbox }) => Sandbox.list({ query, limit: pageSize }));
  do {
    const page = await api.call(operation, call, (_, options) => pages.nextItems(options));
    for (const facts of page) {
      if (isSandbox(facts.metadata) && entries.every(([key, value]) => facts.metadata[key] === value)) yield facts;
    }
  } while (pages.hasNext);
}

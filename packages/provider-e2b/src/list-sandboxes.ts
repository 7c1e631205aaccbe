import type { CallOptions, ListFilter, SandboxInfo } from "@glovebox/core/provider";
import type { SandboxInfo as E2bInfo } from "e2b";
import type { E2bApi } from "./e2b-api.ts";
import { findSandbox } from "./find-sandbox.ts";
import { checkLabels, isSandbox } from "./metadata.ts";
import { sandboxInfo } from "./sandbox-info.ts";

const pageSize = 100;

/** `SandboxProvider.list`: running ones and paused ones, page by page. */
export async function* listSandboxes(
  api: E2bApi,
  { labels }: ListFilter,
  options: CallOptions,
): AsyncGenerator<SandboxInfo, void, undefined> {
  checkLabels(labels);
  for await (const facts of matching(api, labels, options)) {
    // The list says nothing of the network, by which a paused one is told from one that has stopped.
    const full = facts.state === "running" ? facts : await findSandbox(api, facts.sandboxId, options);
    if (full !== undefined) yield sandboxInfo(full);
  }
}

/** Glovebox's sandboxes with all of the metadata. */
export async function* matching(
  api: E2bApi,
  metadata: Readonly<Record<string, string>>,
  options: CallOptions,
): AsyncGenerator<E2bInfo, void, undefined> {
  const doing = "listing the sandboxes";
  const wanted = Object.entries(metadata);
  const query = {
    state: ["running" as const, "paused" as const],
    ...(wanted.length > 0 && { metadata: { ...metadata } }),
  };
  const pages = await api.call(doing, options, async ({ Sandbox }) => Sandbox.list({ query, limit: pageSize }));
  do {
    const page = await api.call(doing, options, (_, call) => pages.nextItems(call));
    for (const facts of page) {
      if (isSandbox(facts.metadata) && wanted.every(([key, value]) => facts.metadata[key] === value)) yield facts;
    }
  } while (pages.hasNext);
}

import { createHash } from "node:crypto";
import type { CallOptions, Template } from "@glovebox/core/provider";
import type { E2bApi } from "./e2b-api.ts";
import { formatReference } from "./template-reference.ts";

/** E2B's snapshot of a sandbox as a template. What it keeps of memory is ended when a sandbox is made of it. */
export async function snapshotTemplate(api: E2bApi, id: string, options: CallOptions): Promise<Template> {
  const { snapshotId } = await api.call("making a snapshot", options, ({ Sandbox }, call) =>
    Sandbox.createSnapshot(id, call),
  );
  const digest = createHash("sha256").update(`snapshot ${snapshotId}`).digest("hex");
  return {
    providerId: "e2b",
    reference: formatReference({ name: snapshotId, kind: "snapshot", packages: [] }),
    digest: `sha256:${digest}`,
    reused: false,
  };
}

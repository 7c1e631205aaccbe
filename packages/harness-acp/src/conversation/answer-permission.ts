import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";

/** How a run answers an agent that asks before it acts. */
export type PermissionPolicy = "allow" | "allow-once" | "reject";

const kinds = {
  allow: ["allow_always", "allow_once"],
  "allow-once": ["allow_once"],
  reject: ["reject_once", "reject_always"],
} as const;

/** The policy's choice among the agent's options. Without an option of that kind, the call is cancelled. */
export function answerPermission(
  { options }: Pick<RequestPermissionRequest, "options">,
  policy: PermissionPolicy,
): RequestPermissionResponse {
  for (const kind of kinds[policy]) {
    const option = options.find((one) => one.kind === kind);
    if (option !== undefined) return { outcome: { outcome: "selected", optionId: option.optionId } };
  }
  return { outcome: { outcome: "cancelled" } };
}

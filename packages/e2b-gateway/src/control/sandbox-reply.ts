import { envdVersion } from "../envd-version.ts";
import type { GatewaySandbox } from "../sandboxes/gateway-sandbox.ts";

/** Of no use to a client, and part of E2B's answers all the same. */
const clientID = "00000000";

/** How a client reaches a sandbox: the answer to `create`, `connect` and `resume`. */
export function sandboxAccess(sandbox: GatewaySandbox, domain: string | undefined): Record<string, unknown> {
  const { templateId, alias } = sandbox.record;
  return {
    sandboxID: sandbox.id,
    templateID: templateId,
    ...(alias !== undefined && { alias }),
    clientID,
    envdVersion,
    domain: domain ?? null,
    ...(sandbox.envdToken !== undefined && { envdAccessToken: sandbox.envdToken }),
    trafficAccessToken: sandbox.trafficToken ?? null,
  };
}

/** A sandbox in a list. */
export function listedSandbox({ id, record }: GatewaySandbox): Record<string, unknown> {
  return {
    sandboxID: id,
    templateID: record.templateId,
    ...(record.alias !== undefined && { alias: record.alias }),
    clientID,
    startedAt: record.startedAt,
    endAt: record.endAt,
    state: record.state,
    cpuCount: record.cpuCount,
    memoryMB: record.memoryMB,
    diskSizeMB: record.diskSizeMB,
    metadata: record.metadata,
    envdVersion,
    volumeMounts: [],
  };
}

/** Everything about one sandbox. */
export function sandboxDetail(sandbox: GatewaySandbox, domain: string | undefined): Record<string, unknown> {
  const { record, envdToken } = sandbox;
  return {
    ...listedSandbox(sandbox),
    domain: domain ?? null,
    ...(envdToken !== undefined && { envdAccessToken: envdToken }),
    allowInternetAccess: record.allowInternetAccess ?? null,
    ...(record.network !== undefined && { network: record.network }),
    lifecycle: { onTimeout: record.autoPause ? "pause" : "kill", autoResume: record.autoResume },
  };
}

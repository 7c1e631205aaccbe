import { type ComponentPlan, settingsEnv } from "@glovebox/components";
import type { RunNetwork } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { isReachable } from "../network/is-reachable.ts";
import { hostAndPort } from "../print/host-and-port.ts";

export interface MovedModel {
  readonly message: string;
  readonly hint: string;
}

/**
 * Says where settings send the model's traffic to a host that the run does not reach: the harness would try that for
 * minutes before it gives up. `undefined` when they do not.
 */
export function movedModel(plan: ComponentPlan, harness: Harness, network: RunNetwork): MovedModel | undefined {
  const env = settingsEnv(plan);
  for (const { baseUrlVariable: variable } of harness.endpoints) {
    const url = env[variable];
    if (url === undefined || !URL.canParse(url)) continue;
    const { protocol, hostname: host, port } = new URL(url);
    const place = { host, port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port) };
    const isOwn = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
    const { mode } = network;
    if (!isOwn && (mode === "open" || (mode !== "none" && isReachable(place, network)))) continue;
    const shown = hostAndPort(place);
    return {
      message: `The settings send the model's traffic to ${shown} (${variable}), ${isOwn ? "which in a sandbox is the sandbox itself" : "which this run does not reach"}`,
      hint: `Leave the setting out and set ${variable} and the key in your own environment: the gateway then speaks to ${shown}, and the key stays outside.`,
    };
  }
  return undefined;
}

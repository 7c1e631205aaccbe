import { randomBytes } from "node:crypto";
import {
  type Capabilities,
  type EgressMode,
  type EgressPolicy,
  type ModelRoute,
  Secret,
} from "@glovebox/core/provider";
import type { HostServer } from "./host-server.ts";

/** A credential that is nowhere else. */
export function freshSecret(): Secret {
  return new Secret("TESTKIT_KEY", `testkit-${randomBytes(16).toString("hex")}`);
}

/** A route to a server of this host that takes one kind of request. */
export function routeTo(server: HostServer, secret: Secret): ModelRoute {
  return {
    id: "model",
    upstream: server.url,
    paths: [{ method: "POST", path: "/v1/messages" }],
    credential: { header: "x-api-key", secret },
  };
}

/** The narrowest mode in which hosts and models are reached; undefined where none is claimed. */
export function narrowMode({ egress }: Capabilities): EgressMode | undefined {
  return (["sealed", "standard", "open"] as const).find((mode) => egress.modes.includes(mode));
}

/** A policy in the narrowest mode. */
export function narrow(capabilities: Capabilities, rest: Partial<EgressPolicy>): EgressPolicy {
  return { mode: narrowMode(capabilities) ?? "none", models: [], ...rest };
}

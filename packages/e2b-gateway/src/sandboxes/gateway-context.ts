import type { EgressPolicy, SandboxProvider } from "@glovebox/core/provider";
import type { EnvdProgram } from "../envd-file.ts";
import type { GatewaySettings } from "../gateway-options.ts";
import type { PendingWork } from "./pending-work.ts";
import type { GatewayKey } from "./state/gateway-key.ts";
import type { SandboxNetwork } from "./state/sandbox-record.ts";
import type { StateDirectory } from "./state/state-directory.ts";

/** What every sandbox of a gateway shares. */
export interface GatewayContext {
  readonly settings: GatewaySettings;
  readonly provider: SandboxProvider;
  readonly state: StateDirectory;
  readonly key: GatewayKey;
  readonly envd: EnvdProgram;
  readonly work: PendingWork;
  /** Converts a client's egress settings to the provider's policy. Throws `ApiError` for what is not supported. */
  toEgressPolicy(allowInternetAccess: boolean | undefined, network: SandboxNetwork | undefined): EgressPolicy;
}

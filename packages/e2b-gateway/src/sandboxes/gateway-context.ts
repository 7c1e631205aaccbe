import type { EgressPolicy, SandboxProvider } from "@glovebox/core/provider";
import type { EnvdProgram } from "../envd-file.ts";
import type { GatewaySettings } from "../gateway-options.ts";
import type { GatewayKey } from "./gateway-key.ts";
import type { SandboxNetwork } from "./sandbox-record.ts";
import type { StateFolder } from "./state-folder.ts";

/** What every sandbox of a gateway shares. */
export interface GatewayContext {
  readonly settings: GatewaySettings;
  readonly provider: SandboxProvider;
  readonly state: StateFolder;
  readonly key: GatewayKey;
  readonly envd: EnvdProgram;
  /** The way out that a client has asked for, as the provider has it. Throws `ApiError` for what cannot be had. */
  toEgressPolicy(allowInternetAccess: boolean | undefined, network: SandboxNetwork | undefined): EgressPolicy;
}

/**
 * The egress proxy of a sandbox: rules, credentials, metering.
 *
 * @module @glovebox/egress-gateway
 */
export { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
export type { GatewayLimits } from "./gateway-limits.ts";
export { checkPolicy } from "./policy/check-policy.ts";
export {
  openSandboxEgress,
  type SandboxConfiguration,
  type SandboxEgress,
  type SandboxEgressOptions,
} from "./sandbox-egress.ts";
export { type SandboxEnvironmentOptions, sandboxEnvironment } from "./sandbox-environment.ts";
export { type Authority, makeAuthority } from "./tls/make-authority.ts";

/**
 * E2B's protocol in front of any provider.
 *
 * @module @glovebox/e2b-gateway
 */
export { FailedKeys, type KeyFailure } from "./failed-keys.ts";
export { type CloseOptions, createE2bGateway, type E2bGateway } from "./gateway.ts";
export type { GatewayLogger } from "./gateway-logger.ts";
export type { E2bGatewayOptions, GatewayLimits } from "./gateway-options.ts";
export type { BuiltInTemplate, BuiltInTemplates } from "./templates/built-in-template.ts";
export { TokenBucket } from "./token-bucket.ts";

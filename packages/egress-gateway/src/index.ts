export { createGateway, type Gateway, type GatewayLimits, type GatewayOptions } from "./gateway.ts";
export { type SandboxEnvironmentOptions, sandboxEnvironment } from "./sandbox-environment.ts";

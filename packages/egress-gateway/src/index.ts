export { createGateway, type Gateway, type GatewayLimits, type GatewayOptions } from "./gateway.ts";

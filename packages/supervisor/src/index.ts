/**
 * The client of the program that runs in each sandbox.
 *
 * @module @glovebox/supervisor
 */
export { type ConnectSupervisorOptions, connectSupervisor } from "./client/connect-supervisor.ts";
export { type ConnectWebSocketOptions, connectWebSocket, type WebSocketRefusal } from "./client/connect-websocket.ts";
export type { LargeDirectoryOptions, LargeDirectoryReader } from "./client/files/large-directory-reader.ts";
export type { HeartbeatOptions } from "./client/heartbeat.ts";
export type { SupervisorConnection } from "./client/supervisor-connection.ts";
export { excludeRule } from "./protocol/exclude-rule.ts";
export type { ConfigureRequest } from "./protocol/messages.ts";
export {
  egressPort,
  endpointTokenHeader,
  type SupervisorConfig,
  type SupervisorEndpoint,
  supervisorConfigVariable,
} from "./supervisor-config.ts";
export { supervisorFile } from "./supervisor-file.ts";
export { supervisorModes, supervisorPaths } from "./supervisor-paths.ts";

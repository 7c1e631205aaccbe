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
export { type PrepareConfig, prepareConfigVariable } from "./prepare-config.ts";
export { excludeRule } from "./protocol/exclude-rule.ts";
export type { ConfigureRequest } from "./protocol/messages.ts";
export type { SealReport } from "./protocol/seal-report.ts";
export {
  egressPort,
  endpointTokenHeader,
  type SealAddress,
  type SealCheck,
  type SupervisorConfig,
  type SupervisorEndpoint,
  supervisorConfigVariable,
} from "./supervisor-config.ts";
export { supervisorFile } from "./supervisor-file.ts";
export { supervisorModes, supervisorPaths } from "./supervisor-paths.ts";
export { type UnprivilegedCommandOptions, unprivilegedCommand } from "./unprivileged-command.ts";

export { type ConnectSupervisorOptions, connectSupervisor } from "./client/connect-supervisor.ts";
export type { LargeFolderOptions, LargeFolderReader } from "./client/large-folder-reader.ts";
export { type DoorRefusal, type OpenDoorOptions, openDoor } from "./client/open-door.ts";
export type { SupervisorConnection } from "./client/supervisor-connection.ts";
export { excludeRule } from "./protocol/exclude-rule.ts";
export type { ConfigureRequest } from "./protocol/messages.ts";
export {
  doorTokenHeader,
  egressPort,
  type SupervisorConfig,
  type SupervisorDoor,
  supervisorConfigVariable,
} from "./supervisor-config.ts";
export { supervisorFile } from "./supervisor-file.ts";
export { supervisorModes, supervisorPaths } from "./supervisor-paths.ts";

export { type ConfigSchema, projectConfig, projectModes, userConfig } from "./config-schema.ts";

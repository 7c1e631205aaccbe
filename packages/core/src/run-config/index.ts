/**
 * The schema of configuration files.
 *
 * @module @glovebox/core/run-config
 */
export { type ConfigSchema, projectConfig, projectModes, userConfig } from "./config-schema.ts";

/**
 * E2B's protocol and runs over HTTP, as a program to embed.
 *
 * @module @glovebox/server
 */
export { type ServeInput, serve } from "./serve.ts";
export type { ServerSettings } from "./server-settings.ts";
export { type RunningServer, type StartServerOptions, startServer } from "./start-server.ts";

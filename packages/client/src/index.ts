/**
 * A typed client of the Glovebox server's API.
 *
 * @module @glovebox/client
 */
export { type ApiErrorOptions, GloveboxApiError } from "./api-error.ts";
export type { paths } from "./api-types.ts";
export { type ClientOptions, createClient, type GloveboxClient } from "./create-client.ts";
export type { FollowOptions } from "./events/follow-events.ts";
export type {
  AuditEntry,
  Batch,
  BatchReport,
  BatchRequest,
  Component,
  Cost,
  Manifest,
  ManifestEntry,
  Me,
  NewShareLink,
  NewToken,
  PortPreview,
  Problem,
  Processes,
  Provider,
  Role,
  Run,
  RunDetail,
  RunEvent,
  RunRequest,
  Sandbox,
  Session,
  ShareLink,
  Template,
  Token,
  Upload,
  User,
  Worker,
} from "./models.ts";
export type { AttachOptions, Terminal, TerminalSize } from "./terminal/terminal.ts";
export { type ApiResponse, unwrap } from "./unwrap.ts";
export type { ArchiveBody, UploadOptions } from "./upload-archive.ts";

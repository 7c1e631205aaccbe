/**
 * A typed client of the Glovebox server's API.
 *
 * @module @glovebox/client
 */
export type { paths } from "./api-types.ts";
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

import type { components } from "./api-types.ts";

type Schemas = components["schemas"];

/** An entry of the audit log. */
export type AuditEntry = Schemas["AuditEntry"];
/** Many runs that were started together. */
export type Batch = Schemas["Batch"];
/** What came of a batch, or has come of it so far. */
export type BatchReport = Schemas["BatchReport"];
/** What a batch is started with. */
export type BatchRequest = Schemas["BatchRequest"];
/** A component of one of the server's catalogs. */
export type Component = Schemas["Component"];
/** What runs have cost, summed up. */
export type Cost = Schemas["Cost"];
/** The files of a run. */
export type Manifest = Schemas["Manifest"];
/** One file of a run. */
export type ManifestEntry = Schemas["ManifestEntry"];
/** Who sent a request: a user, or the holder of a share link. */
export type Me = Schemas["Me"];
/** A share link with its address, which is shown once. */
export type NewShareLink = Schemas["NewShareLink"];
/** A token with its text, which is shown once. */
export type NewToken = Schemas["NewToken"];
/** An address of a port in a sandbox. */
export type PortPreview = Schemas["PortPreview"];
/** The body of every error. */
export type Problem = Schemas["Problem"];
/** What runs in a sandbox, and what it uses. */
export type Processes = Schemas["Processes"];
/** A provider that the server was configured with, and whether runs can start there. */
export type Provider = Schemas["Provider"];
/** What a user may do. */
export type Role = Schemas["Role"];
/** A run, as lists show it. */
export type Run = Schemas["Run"];
/** A run with what was asked for and what came of it. */
export type RunDetail = Schemas["RunDetail"];
/** An event of a run. */
export type RunEvent = Schemas["RunEvent"];
/** What a run is started with. */
export type RunRequest = Schemas["RunRequest"];
/** A sandbox of one of the server's runs. */
export type Sandbox = Schemas["Sandbox"];
/** A session, whose cookie the server has set. */
export type Session = Schemas["Session"];
/** A link that shows one run and nothing else. */
export type ShareLink = Schemas["ShareLink"];
/** A template that runs can start from. */
export type Template = Schemas["Template"];
/** A token, without its text. */
export type Token = Schemas["Token"];
/** An archive that a run can start from. */
export type Upload = Schemas["Upload"];
/** Someone who uses the server. */
export type User = Schemas["User"];
/** A process that carries runs. */
export type Worker = Schemas["Worker"];

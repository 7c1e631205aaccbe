import { z } from "zod";
import { remedySchema } from "../errors/remedy.ts";
import { budgetTotalsSchema } from "./budget-totals.ts";
import { harnessEventSchema } from "./harness-event.ts";

export const runPhases = [
  "preparing",
  "creating",
  "uploading",
  "installing",
  "running",
  "collecting",
  "destroying",
  "ended",
] as const;
/** Validates the phase of a run. */
export const runPhaseSchema = z.enum(runPhases);
/** The phase that a run is in. */
export type RunPhase = z.infer<typeof runPhaseSchema>;

export const runOutcomes = ["succeeded", "failed", "cancelled", "timed-out", "budget-exceeded"] as const;
/** Validates how a run ended. */
export const runOutcomeSchema = z.enum(runOutcomes);
/** How a run ended. */
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

/** Whether everything that the run had made was removed; what was left, and why. */
export const cleanupSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("clean") }),
  /** Kept because it was asked for. */
  z.object({ state: z.literal("kept"), providerId: z.string(), sandboxId: z.string() }),
  z.object({
    state: z.literal("left"),
    providerId: z.string(),
    sandboxId: z.string().optional(),
    reason: z.string(),
  }),
]);
/** Whether everything that the run had made was removed; what was left, and why. */
export type Cleanup = z.infer<typeof cleanupSchema>;

const bodySchema = z.discriminatedUnion("type", [
  ...harnessEventSchema.options,
  z.object({ type: z.literal("run.state"), from: runPhaseSchema.optional(), to: runPhaseSchema }),
  z.object({
    type: z.literal("run.progress"),
    stage: runPhaseSchema,
    message: z.string(),
    done: z.number().optional(),
    total: z.number().optional(),
    /** A line of a build's own output. */
    output: z.string().optional(),
  }),
  z.object({
    type: z.literal("sandbox.created"),
    providerId: z.string(),
    sandboxId: z.string(),
    expiresAt: z.string(),
  }),
  /** The harness runs in a terminal, which `attach` shows. What the terminal shows is not part of the journal. */
  z.object({ type: z.literal("terminal.start"), processId: z.string() }),
  z.object({ type: z.literal("terminal.end"), processId: z.string(), exitCode: z.number().nullable() }),
  /** What was put into the workspace for the harness, before it started. */
  z.object({
    type: z.literal("components.installed"),
    components: z.array(
      z.object({
        kind: z.string(),
        name: z.string(),
        source: z.string(),
        revision: z.string(),
        sha256: z.string(),
      }),
    ),
    /** Relative to the workspace. */
    files: z.array(z.string()),
  }),
  /** What the sandbox may reach, from its creation on. */
  z.object({
    type: z.literal("network.policy"),
    mode: z.enum(["none", "sealed", "standard", "open"]),
    models: z.array(z.object({ id: z.string(), upstream: z.string() })),
    allow: z.array(
      z.object({
        host: z.string(),
        /** Default: 80 and 443. */
        port: z.union([z.number(), z.literal("any")]).optional(),
        mayBePrivate: z.boolean().optional(),
        source: z.string(),
      }),
    ),
    credentials: z.array(
      z.object({
        host: z.string(),
        port: z.number().optional(),
        header: z.string(),
        scheme: z.string().optional(),
        /** The name of the secret, such as its variable; never its value. */
        secret: z.string(),
        source: z.string(),
      }),
    ),
    maxCostUsd: z.number().optional(),
    /** Where the run has a budget: its limits, and what of them was spent before. */
    budget: z.array(budgetTotalsSchema).optional(),
  }),
  z.object({
    type: z.literal("network.request"),
    host: z.string(),
    port: z.number(),
    routeId: z.string().optional(),
    method: z.string(),
    path: z.string().optional(),
    decision: z.enum(["allowed", "denied", "failed"]),
    rule: z.string().optional(),
    status: z.number(),
    reason: z.string().optional(),
    failure: z.enum(["unreachable", "broken", "silent", "unauthenticated", "left"]).optional(),
    /** What would let it pass. */
    remedy: remedySchema.optional(),
    requestBytes: z.number(),
    responseBytes: z.number(),
    durationMs: z.number(),
  }),
  /** Further requests that were refused, once there were too many for an event each. Nothing of them went out. */
  z.object({
    type: z.literal("network.refused"),
    count: z.number(),
    /** When the first of them was refused. ISO 8601. */
    since: z.string(),
    /** Some of the hosts that they were for, with the port. */
    hosts: z.array(z.string()),
  }),
  /** The run makes no progress: no output, no traffic with the model, no processor time. Once when it begins, once when it ends. */
  z.object({
    type: z.literal("run.stalled"),
    state: z.enum(["begin", "end"]),
    /** How long nothing had happened. */
    silentMs: z.number(),
    /** Activity within this time ends it; without any the run is stopped then. Only of `begin`. */
    stopsInMs: z.number().optional(),
  }),
  z.object({
    type: z.literal("files.collected"),
    count: z.number(),
    bytes: z.number(),
    created: z.number(),
    changed: z.number(),
    deleted: z.number(),
    skipped: z.number(),
    directory: z.string(),
  }),
  z.object({
    type: z.literal("warning"),
    code: z.string(),
    message: z.string(),
    remedy: remedySchema.optional(),
  }),
  z.object({
    type: z.literal("error"),
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    hint: z.string().optional(),
    remedy: remedySchema.optional(),
  }),
  z.object({
    type: z.literal("run.end"),
    outcome: runOutcomeSchema,
    /** Why, in one line. */
    reason: z.string(),
    exitCode: z.number(),
    cleanup: cleanupSchema,
  }),
]);

/** What an event says, before the run gives it its envelope. */
export type RunEventBody = z.infer<typeof bodySchema>;

/** The version of the envelope and of every event in it. Readers ignore types that they do not know. */
export const eventVersion = 1;

const envelope = {
  v: z.literal(eventVersion),
  /** Counts from 1 without gaps in one run. */
  seq: z.number().int().positive(),
  /** ISO 8601, UTC, milliseconds. */
  time: z.string(),
  runId: z.string(),
};

/** One line of a run's journal, and of `glovebox run --json`. */
export const runEventSchema = bodySchema.and(z.object(envelope));
/** An event of a run as its journal holds it: what happened, with its number and its time. */
export type RunEvent = RunEventBody & {
  readonly v: typeof eventVersion;
  readonly seq: number;
  readonly time: string;
  readonly runId: string;
};

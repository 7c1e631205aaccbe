import { z } from "zod";
import { budgetTotalsSchema } from "./budget-totals.ts";

/** What a harness reports while it works, in words that are the same for every harness. */
export const harnessEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("harness.session"),
    sessionId: z.string(),
    model: z.string().optional(),
    version: z.string().optional(),
    tools: z.array(z.string()),
    agents: z.array(z.string()),
    commands: z.array(z.string()),
    skills: z.array(z.string()),
    mcpServers: z.array(z.object({ name: z.string(), status: z.string() })),
  }),
  z.object({
    type: z.enum(["text.delta", "reasoning.delta"]),
    messageId: z.string(),
    text: z.string(),
    /** The tool call whose sub-agent speaks; absent for the main conversation. */
    parentCallId: z.string().optional(),
  }),
  z.object({
    type: z.literal("message.end"),
    messageId: z.string(),
    role: z.enum(["assistant", "user"]),
    /** The whole text; the deltas of the same message add up to it. */
    text: z.string(),
    parentCallId: z.string().optional(),
  }),
  z.object({
    type: z.literal("tool.start"),
    callId: z.string(),
    name: z.string(),
    input: z.unknown(),
    parentCallId: z.string().optional(),
  }),
  z.object({
    type: z.literal("tool.end"),
    callId: z.string(),
    status: z.enum(["ok", "error", "interrupted"]),
    /** A bounded tail of what the tool answered, as text. */
    output: z.string(),
    parentCallId: z.string().optional(),
  }),
  z.object({
    type: z.literal("usage"),
    model: z.string(),
    messageId: z.string().optional(),
    input: z.number(),
    output: z.number(),
    cacheRead: z.number(),
    cacheWrite: z.number(),
    costUsd: z.number().optional(),
    source: z.enum(["harness", "gateway"]),
    parentCallId: z.string().optional(),
    /** Of the gateway: the harness's agent that the request named; absent for its main one. */
    agentId: z.string().optional(),
    /** Of the gateway, where the run has a budget: the limits that the request counted for, and what of each is spent. */
    budget: z.array(budgetTotalsSchema).optional(),
  }),
  z.object({
    type: z.literal("harness.retry"),
    attempt: z.number(),
    delayMs: z.number().optional(),
    apiStatus: z.number().optional(),
    message: z.string(),
  }),
  z.object({ type: z.literal("harness.compaction"), message: z.string() }),
  z.object({
    type: z.literal("harness.result"),
    ok: z.boolean(),
    reason: z.enum(["done", "max-turns", "max-budget", "api-error", "aborted", "error"]),
    /** The HTTP status of the model's API, when it was the reason. */
    apiStatus: z.number().optional(),
    /** The harness's final result: its answer, or what went wrong. */
    message: z.string(),
    turns: z.number().optional(),
    costUsd: z.number().optional(),
    sessionId: z.string().optional(),
    /** The answer that the task's `jsonSchema` asks for. In a run's journal only if it matches the schema. */
    structuredOutput: z.unknown().optional(),
  }),
  /** A line that the harness printed and the parser has no word for. Never dropped. */
  z.object({ type: z.literal("harness.raw"), stream: z.enum(["stdout", "stderr"]), line: z.string() }),
]);

/** What a harness reports while it works: its session, text, tools, usage, its final result. */
export type HarnessEvent = z.infer<typeof harnessEventSchema>;

/** The terminal event of a harness. */
export type HarnessResultEvent = Extract<HarnessEvent, { type: "harness.result" }>;

import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";

const id = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);

const blockSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal("tool_use"), id, name: z.string(), input: z.record(z.string(), z.unknown()) }),
  z.object({
    type: z.literal("tool_result"),
    tool_use_id: id,
    is_error: z.boolean().optional(),
    content: z.union([z.string(), z.array(z.looseObject({ type: z.enum(["text", "image", "document"]) }))]).optional(),
  }),
  z.looseObject({ type: z.enum(["image", "document"]) }),
]);

const content = z.union([z.string(), z.array(z.unknown())]);

/** What was said. Of everything else in a transcript (attachments, snapshots of prompts and files, modes) nothing is read. */
const recordSchema = z.object({
  type: z.enum(["user", "assistant"]),
  uuid: id,
  parentUuid: id.nullable().optional(),
  timestamp: z.iso.datetime(),
  version: z.string().max(64).optional(),
  isMeta: z.boolean().optional(),
  isSidechain: z.boolean().optional(),
  isCompactSummary: z.boolean().optional(),
  message: z.discriminatedUnion("role", [
    z.object({ role: z.literal("user"), content }),
    z.object({
      role: z.literal("assistant"),
      content,
      type: z.literal("message").optional(),
      id: id.optional(),
      model: z.string().max(200).optional(),
      stop_reason: z.string().max(64).nullable().optional(),
      stop_sequence: z.null().optional(),
      usage: z.record(z.string(), z.unknown()).optional(),
    }),
  ]),
});
type TranscriptRecord = z.infer<typeof recordSchema>;

const linkSchema = z.object({ uuid: id, parentUuid: id.nullable().optional() });

/**
 * A transcript from a sandbox as Claude Code continues it on the host, in another directory. Tried: Claude Code resumes from the
 * records of users and assistants alone. Others are left out, and what followed them is linked to what was before: they can restore
 * files, replace the system prompt or change the permissions.
 */
export function translateTranscript(
  text: string,
  { workspace, sessionId }: { readonly workspace: string; readonly sessionId: string },
): string {
  const values = text.split("\n").flatMap(parseLine);
  const kept = new Set<string>();
  const parents = new Map<string, string | null>();
  const records: TranscriptRecord[] = [];
  for (const value of values) {
    const link = linkSchema.safeParse(value);
    if (!link.success || parents.has(link.data.uuid)) continue;
    parents.set(link.data.uuid, link.data.parentUuid ?? null);
    const record = recordSchema.safeParse(value);
    if (!record.success) continue;
    const said = withKnownBlocks(record.data);
    if (said === undefined) continue;
    kept.add(said.uuid);
    records.push(said);
  }
  if (records.length === 0)
    throw new InvalidOptionsError("The conversation holds nothing that Claude Code could continue");
  const lines = records.map((record) => {
    const parentUuid = keptParent(record, parents, kept);
    const place = { sessionId, cwd: workspace, gitBranch: "", userType: "external" };
    return JSON.stringify({ isSidechain: false, ...record, ...place, parentUuid });
  });
  return `${lines.join("\n")}\n`;
}

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** Blocks of kinds that are not known are left out; a message without any says nothing. */
function withKnownBlocks(record: TranscriptRecord): TranscriptRecord | undefined {
  const { message } = record;
  if (typeof message.content === "string") return record;
  const blocks = message.content.flatMap((block) => {
    const known = blockSchema.safeParse(block);
    return known.success ? [known.data] : [];
  });
  return blocks.length === 0 ? undefined : { ...record, message: { ...message, content: blocks } };
}

function keptParent(
  { uuid }: TranscriptRecord,
  parents: ReadonlyMap<string, string | null>,
  kept: ReadonlySet<string>,
): string | null {
  const seen = new Set<string>([uuid]);
  for (let parent = parents.get(uuid) ?? null; parent !== null; parent = parents.get(parent) ?? null) {
    if (seen.has(parent)) return null;
    if (kept.has(parent)) return parent;
    seen.add(parent);
  }
  return null;
}

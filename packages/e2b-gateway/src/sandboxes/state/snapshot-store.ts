import type { CallOptions } from "@glovebox/core/provider";
import type { GatewayContext } from "../gateway-context.ts";
import type { ResolvedTemplate, TemplateSource } from "../template-source.ts";
import { type SnapshotRecord, snapshotRecordSchema } from "./sandbox-record.ts";

/** The snapshots of a gateway. Each is a template for further sandboxes. */
export class SnapshotStore implements TemplateSource {
  readonly #context: GatewayContext;
  readonly #records = new Map<string, SnapshotRecord>();

  constructor(context: GatewayContext) {
    this.#context = context;
  }

  async restore(): Promise<void> {
    const { state, settings } = this.#context;
    const records = await state.read("snapshots", snapshotRecordSchema, (file) =>
      settings.logger.warn({ file }, "A record of a snapshot cannot be read"),
    );
    for (const record of records) this.#records.set(record.templateId, record);
  }

  async add(record: SnapshotRecord): Promise<void> {
    const before = record.name === undefined ? undefined : this.find(`${record.name}:${record.tag}`);
    await this.#context.state.write("snapshots", record.templateId, record);
    this.#records.set(record.templateId, record);
    if (before !== undefined) await this.#forget(before);
  }

  /** By id or name, with a tag or without. */
  find(reference: string): SnapshotRecord | undefined {
    const { name, tag } = splitTag(reference);
    return this.all().find((one) => (one.templateId === name || one.name === name) && one.tag === (tag ?? one.tag));
  }

  /** The newest first. */
  all(): readonly SnapshotRecord[] {
    return [...this.#records.values()].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
  }

  /** Resolves to false where there is none. */
  async remove(reference: string): Promise<boolean> {
    const record = this.find(reference);
    if (record === undefined) return false;
    await this.#forget(record);
    return true;
  }

  async #forget(record: SnapshotRecord): Promise<void> {
    this.#records.delete(record.templateId);
    await this.#context.state.remove("snapshots", record.templateId);
  }

  async resolve(reference: string, _options?: CallOptions): Promise<ResolvedTemplate | undefined> {
    const record = this.find(reference);
    if (record === undefined) return undefined;
    const { templateId, name, template, defaultUser, defaultWorkdir, startCmd, envVars, cpuCount, memoryMB } = record;
    return {
      templateId,
      defaultUser,
      envVars,
      cpuCount,
      memoryMB,
      template: {
        providerId: template.providerId,
        reference: template.reference,
        digest: template.digest,
        reused: true,
        ...(template.packageHosts !== undefined && { packageHosts: template.packageHosts }),
      },
      ...(name !== undefined && { alias: name }),
      ...(defaultWorkdir !== undefined && { defaultWorkdir }),
      ...(startCmd !== undefined && { startCmd }),
    };
  }
}

/** The id by which clients know a snapshot. */
export function snapshotId({ name, templateId, tag }: SnapshotRecord): string {
  return `${name ?? templateId}:${tag}`;
}

/** `NAME` or `NAME:TAG`; what a team's name stands before it for is this gateway's one team. */
export function splitTag(reference: string): { readonly name: string; readonly tag?: string } {
  const [path = "", tag] = reference.split(":");
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return tag === undefined ? { name } : { name, tag };
}

/** A snapshot's tag where its name has none. */
export const defaultTag = "default";

import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ApiError } from "../api-error.ts";
import type { GatewayContext } from "../sandboxes/gateway-context.ts";
import { newTemplateId } from "../sandboxes/state/sandbox-id.ts";
import type { ResolvedTemplate, TemplateSource } from "../sandboxes/template-source.ts";
import type { TemplateRequest } from "./build-request.ts";
import { type BuiltInTemplate, type BuiltInTemplates, baseTemplate, builtInId } from "./built-in-template.ts";
import { TemplateImages } from "./template-images.ts";
import { defaultTag, parseTemplateName, readTag, readTemplateName } from "./template-name.ts";
import { type BuildRecord, type TemplateRecord, templateRecordSchema } from "./template-record.ts";
import { UploadDirectory } from "./upload-directory.ts";

/** Of one upload for a template. */
const maxUploadBytes = 4 * 1024 ** 3;

export type TemplateStoreContext = Pick<GatewayContext, "settings" | "provider" | "state" | "key" | "envd" | "work"> & {
  /** A directory for what clients upload. */
  readonly uploadDir: string;
  /** In addition to `base`. Default: none. */
  readonly builtIns?: BuiltInTemplates;
};

/** The templates of a gateway: the built-in ones, and those that its clients have built. */
export class TemplateStore implements TemplateSource {
  readonly uploads: UploadDirectory;
  readonly images: TemplateImages;
  readonly #context: TemplateStoreContext;
  readonly #buildDir: string;
  readonly #builtIns: ReadonlyMap<string, BuiltInTemplate>;
  readonly #records = new Map<string, TemplateRecord>();

  constructor(context: TemplateStoreContext) {
    this.#context = context;
    this.#builtIns = new Map(Object.entries({ [baseTemplate]: {}, ...context.builtIns }));
    this.uploads = new UploadDirectory(context.uploadDir, maxUploadBytes);
    this.#buildDir = join(context.settings.stateDir, "builds");
    this.images = new TemplateImages({
      buildDir: this.#buildDir,
      provider: context.provider,
      owner: context.key.owner,
      envd: context.envd,
      uploads: this.uploads,
      builtIns: this.#builtIns,
      signal: context.work.closing,
      sourceOf: (buildId) => this.#build(buildId)?.source,
    });
  }

  /** Reads what an earlier gateway has kept. A build that it did not end has failed. */
  async restore(): Promise<void> {
    const { state, settings } = this.#context;
    // What a gateway has left that ended in the middle of a build.
    await rm(this.#buildDir, { recursive: true, force: true });
    const records = await state.read("templates", templateRecordSchema, (file) =>
      settings.logger.warn({ file }, "A record of a template cannot be read"),
    );
    for (const record of records) {
      const builds = record.builds.map(
        (build): BuildRecord => (build.status === "ready" ? build : { ...build, status: "error" }),
      );
      this.#records.set(record.templateId, { ...record, builds });
    }
  }

  /** An image that is made on the way is made for everyone who waits for it: no caller ends that. */
  async resolve(reference: string): Promise<ResolvedTemplate | undefined> {
    const named = parseTemplateName(reference);
    if (named === undefined) return undefined;
    const record = this.find(named.name);
    if (record === undefined) return this.#resolveBuiltIn(named.name);
    const build = this.#tagged(record, named.tag);
    if (build?.source === undefined) {
      throw new ApiError(404, `Template '${record.name}' has no build with the tag '${named.tag ?? defaultTag}'`);
    }
    const template = await this.images.ofBuild(build.buildId, build.source);
    this.#records.set(record.templateId, {
      ...record,
      spawnCount: record.spawnCount + 1,
      lastSpawnedAt: new Date().toISOString(),
    });
    const { user, workdir, envVars, startCmd, readyCmd } = build.source.context;
    return {
      templateId: record.templateId,
      alias: record.name,
      template,
      envVars,
      defaultUser: user,
      defaultWorkdir: workdir,
      cpuCount: build.cpuCount,
      memoryMB: build.memoryMB,
      ...(startCmd !== undefined && { startCmd }),
      ...(readyCmd !== undefined && { readyCmd }),
    };
  }

  async #resolveBuiltIn(name: string): Promise<ResolvedTemplate | undefined> {
    const found = this.builtIn(name);
    if (found === undefined) return undefined;
    const { cpuCount, memoryMB } = this.#builtIns.get(found.name) ?? {};
    return {
      templateId: found.templateId,
      alias: found.name,
      template: await this.images.ofBuiltIn(found.name),
      // The provider's default template has the user of every Glovebox sandbox alone.
      ...(!this.images.canBuild && { defaultUser: "agent" }),
      ...(cpuCount !== undefined && { cpuCount }),
      ...(memoryMB !== undefined && { memoryMB }),
    };
  }

  forget(): void {
    this.images.forget();
  }

  /** A built-in template by name or id. */
  builtIn(nameOrId: string): { readonly name: string; readonly templateId: string } | undefined {
    const name = [...this.#builtIns.keys()].find((one) => one === nameOrId || builtInId(one) === nameOrId);
    return name === undefined ? undefined : { name, templateId: builtInId(name) };
  }

  /** A client's template by name or id, without a tag. */
  find(nameOrId: string): TemplateRecord | undefined {
    return this.#records.get(nameOrId) ?? this.all().find((record) => record.name === nameOrId);
  }

  /** As {@link find}; throws an {@link ApiError} of 404. */
  get(reference: string): TemplateRecord {
    const record = this.find(parseTemplateName(reference)?.name ?? "");
    if (record === undefined) throw new ApiError(404, `Template '${reference}' not found`);
    return record;
  }

  /** The oldest first. */
  all(): readonly TemplateRecord[] {
    return [...this.#records.values()].sort((one, other) => (one.createdAt > other.createdAt ? 1 : -1));
  }

  /** The build that a tag stands for; without one, the default's, or the newest where nothing has the default tag. */
  #tagged(record: TemplateRecord, tag: string | undefined): BuildRecord | undefined {
    const buildId = record.tags[tag ?? defaultTag]?.buildId;
    const ready = record.builds.filter(({ status }) => status === "ready");
    return buildId === undefined && tag === undefined ? ready.at(-1) : ready.find((build) => build.buildId === buildId);
  }

  /** As a tag's build; throws an {@link ApiError} of 404. */
  tagged(reference: string): { readonly record: TemplateRecord; readonly build: BuildRecord } {
    const named = readTemplateName(reference);
    const record = this.get(named.name);
    const build = this.#tagged(record, named.tag);
    if (build === undefined) throw new ApiError(404, `Template '${reference}' not found`);
    return { record, build };
  }

  #build(buildId: string): BuildRecord | undefined {
    return this.all()
      .flatMap(({ builds }) => builds)
      .find((build) => build.buildId === buildId);
  }

  /** A further build of a template, which is made where there is none of the name. */
  async request(request: TemplateRequest): Promise<{ readonly record: TemplateRecord; readonly build: BuildRecord }> {
    const { name, tag } = readTemplateName(request.name ?? request.alias ?? "");
    const tags = [...new Set([...(tag === undefined ? [] : [tag]), ...(request.tags ?? []).map(readTag)])];
    const now = new Date().toISOString();
    const { cpuCount, memoryMB } = this.#context.settings.defaultResources;
    const build: BuildRecord = {
      buildId: randomUUID(),
      status: "waiting",
      createdAt: now,
      updatedAt: now,
      cpuCount: request.cpuCount ?? cpuCount,
      memoryMB: request.memoryMB ?? memoryMB,
      tags: tags.length === 0 ? [defaultTag] : tags,
    };
    const before: TemplateRecord = this.find(name) ?? {
      version: 1,
      templateId: newTemplateId(),
      name,
      public: false,
      createdAt: now,
      updatedAt: now,
      spawnCount: 0,
      builds: [],
      tags: {},
    };
    const record = { ...before, updatedAt: now, builds: [...before.builds, build] };
    await this.write(record);
    return { record, build };
  }

  /** Changes a build. Its template may have been deleted meanwhile: then nothing happens. */
  async change(templateId: string, buildId: string, changes: Partial<BuildRecord>): Promise<void> {
    const record = this.#records.get(templateId);
    if (record === undefined) return;
    const updatedAt = new Date().toISOString();
    const builds = record.builds.map((build) =>
      build.buildId === buildId ? { ...build, ...changes, updatedAt } : build,
    );
    const changed = { ...record, builds, updatedAt };
    const build = builds.find((one) => one.buildId === buildId);
    await this.write(build?.status === "ready" ? withTags(changed, buildId, build.tags) : changed);
  }

  async tag(record: TemplateRecord, buildId: string, tags: readonly string[]): Promise<void> {
    await this.write(withTags(record, buildId, tags));
  }

  async untag(record: TemplateRecord, tags: readonly string[]): Promise<void> {
    const left = Object.entries(record.tags).filter(([tag]) => !tags.includes(tag));
    await this.write({ ...record, tags: Object.fromEntries(left) });
  }

  async write(record: TemplateRecord): Promise<void> {
    this.#records.set(record.templateId, record);
    await this.#context.state.write("templates", record.templateId, record);
  }

  async remove({ templateId }: TemplateRecord): Promise<void> {
    this.#records.delete(templateId);
    await this.#context.state.remove("templates", templateId);
  }
}

function withTags(record: TemplateRecord, buildId: string, tags: readonly string[]): TemplateRecord {
  const createdAt = new Date().toISOString();
  return {
    ...record,
    tags: { ...record.tags, ...Object.fromEntries(tags.map((tag) => [tag, { buildId, createdAt }])) },
  };
}

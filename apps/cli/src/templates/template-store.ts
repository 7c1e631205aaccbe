import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeHostDirectorySync } from "@glovebox/core/host-files";
import { readStateFile, replaceFileSync } from "@glovebox/core/state";
import type { LoadedTemplate } from "@glovebox/image-builder/description";
import { type TemplateBuild, type TemplateRecord, templateRecordSchema } from "./template-record.ts";

const suffix = ".json";
const damagedHint = "Delete this file; `glovebox template build` writes it again.";

/** The templates that were built on this machine, in `templates` of the state directory. */
export class TemplateStore {
  readonly #directory: string;

  constructor(home: string) {
    this.#directory = join(home, "templates");
  }

  /** All of them, the one that was built last first. */
  list(): readonly TemplateRecord[] {
    const records = this.#names().flatMap((name) => this.#read(name) ?? []);
    return records.sort((a, b) => builtAt(b).localeCompare(builtAt(a)));
  }

  /** By its id, or by a name: then the one that was built last, for this provider where there is one. */
  find(name: string, providerId?: string): TemplateRecord | undefined {
    const found = this.list().filter(({ template }) => template.id === name || template.name === name);
    return found.find(({ builds }) => builds.some((build) => build.providerId === providerId)) ?? found[0];
  }

  /** Notes a build; an earlier one of the same provider is replaced. */
  add(template: LoadedTemplate, build: TemplateBuild): void {
    const others = this.#read(template.id)?.builds.filter(({ provider }) => provider !== build.provider) ?? [];
    this.#write({ template, builds: [build, ...others] });
  }

  /** Forgets a build, and the template with its last one. */
  remove({ template, builds }: TemplateRecord, build: TemplateBuild): void {
    const left = builds.filter(({ provider }) => provider !== build.provider);
    if (left.length > 0) {
      this.#write({ template, builds: left });
      return;
    }
    rmSync(join(this.#directory, `${template.id}${suffix}`), { force: true });
    const { base } = template;
    if (base.kind !== "dockerfile" || dirname(dirname(base.path)) !== this.#directory) return;
    const isShared = this.list().some(
      (other) => other.template.base.kind === "dockerfile" && other.template.base.path === base.path,
    );
    if (!isShared) rmSync(dirname(base.path), { recursive: true, force: true });
  }

  #write(record: TemplateRecord): void {
    makeHostDirectorySync(this.#directory, 0o700);
    replaceFileSync(join(this.#directory, `${record.template.id}${suffix}`), `${JSON.stringify(record, null, 2)}\n`);
  }

  #read(id: string): TemplateRecord | undefined {
    const record = readStateFile(join(this.#directory, `${id}${suffix}`), templateRecordSchema, damagedHint);
    // The form of the description was checked when it was loaded.
    return record as TemplateRecord | undefined;
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#directory)
        .filter((name) => /^[a-z0-9-]+\.json$/.test(name))
        .map((name) => name.slice(0, -suffix.length));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      return [];
    }
  }
}

function builtAt({ builds }: TemplateRecord): string {
  return builds[0]?.builtAt ?? "";
}

import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { unknown } from "./run-template.ts";
import type { TemplateBuild, TemplateRecord } from "./template-record.ts";
import { TemplateStore } from "./template-store.ts";
import { BuildProviders, usersOf } from "./template-usage.ts";

export interface RemoveTemplatesOptions {
  readonly provider?: string;
  readonly force?: boolean;
}

/** `glovebox template remove`: looks at every name before it removes the first. Resolves to the exit code. */
export async function removeTemplates(
  names: readonly string[],
  { provider: wanted, force = false }: RemoveTemplatesOptions,
  terminal: Terminal,
): Promise<number> {
  const home = stateDirectory(terminal.env);
  const store = new TemplateStore(home);
  const records = [
    ...new Map(names.map((name) => recordOf(store, name, wanted)).map((one) => [one.template.id, one])).values(),
  ];
  const providers = new BuildProviders(terminal);
  const builds = records.flatMap((record) =>
    record.builds.filter(({ provider }) => provider === (wanted ?? provider)).map((build) => ({ record, build })),
  );
  if (!force) for (const { record, build } of builds) await requireUnused(record, build, { providers, home });
  for (const { record, build } of builds) {
    // Glovebox's own image belongs to no description.
    if (record.template.base.kind !== "default" && !isShared(store, record, build)) {
      const provider = await providers.open(build);
      if (provider.removeTemplate === undefined) {
        terminal.stderr.line(safeLine(`${build.reference} stays at ${build.provider}, which cannot remove templates`));
      }
      await provider.removeTemplate?.(build.reference, { force });
    }
    // Read again: an earlier round may have taken a build away.
    store.remove(store.find(record.template.id) ?? record, build);
    terminal.stdout.line(`${record.template.id} ${safeLine(build.provider)}`);
  }
  return 0;
}

function recordOf(store: TemplateStore, name: string, provider: string | undefined): TemplateRecord {
  const record = store.find(name, provider);
  if (record === undefined) throw unknown(name, store);
  return record;
}

async function requireUnused(
  { template }: TemplateRecord,
  build: TemplateBuild,
  { providers, home }: { readonly providers: BuildProviders; readonly home: string },
): Promise<void> {
  const users = await usersOf(await providers.open(build), build, home);
  if (users.length === 0) return;
  throw new InvalidOptionsError(`${template.id} is in use by ${users.join(", ")}`, {
    hint: "Wait for it, remove the run with `glovebox rm`, or pass --force: its sandbox continues.",
  });
}

/** Whether another description has led to the same template. */
function isShared(store: TemplateStore, { template }: TemplateRecord, { reference, provider }: TemplateBuild): boolean {
  return store
    .list()
    .some(
      (other) =>
        other.template.id !== template.id &&
        other.builds.some((build) => build.reference === reference && build.provider === provider),
    );
}

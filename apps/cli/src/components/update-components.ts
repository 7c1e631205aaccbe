import { join } from "node:path";
import { lockedSource, readLock, updateLock, writeLock } from "@glovebox/components";
import { safeName } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { type ComponentOptions, lockName } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";

export interface UpdateOptions extends ComponentOptions {
  readonly json?: boolean;
}

/** `glovebox components update`: pins what the lock file names to what its sources hold now. */
export async function updateComponents(options: UpdateOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, cwd } = terminal;
  const path = join(cwd, lockName);
  const lock = await readLock(path);
  const { specs, context } = await componentPlace(options, terminal);
  const used = specs.filter((spec) => Object.hasOwn(lock.sources, lockedSource(spec, cwd)));
  const update = await updateLock(lock, used, context, cwd);
  if (lock.components.length > 0) await writeLock(path, update.lock);
  for (const source of Object.keys(lock.sources)) {
    if (used.some((spec) => lockedSource(spec, cwd) === source)) continue;
    stderr.line(`${stderr.colors.yellow("warning:")} ${safeName(source)} is not among the sources and stays as it was`);
  }
  if (options.json) stdout.json({ sources: update.sources, changes: update.changes });
  else {
    for (const { source, before, after } of update.sources)
      stdout.line(safeName(`${source}: ${before === after ? "as it was" : `${before ?? "new"} → ${after}`}`));
    for (const { component, reason } of update.changes)
      stdout.line(safeName(`${component.kind} ${component.name}: ${reason ?? "changed"}`));
    if (options.verbose)
      for (const { kind, name, sha256 } of update.lock.components)
        stdout.line(safeName(`${kind} ${name}: sha256 ${sha256}`));
    if (update.changes.length === 0) stdout.line("No component has changed.");
  }
  // What has a reason cannot be used any more, and stays pinned to what it was.
  return update.changes.some(({ reason }) => reason !== undefined) ? 1 : 0;
}

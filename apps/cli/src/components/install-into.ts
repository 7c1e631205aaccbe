import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  directoryWorkspace,
  installPlan,
  openCatalogs,
  parseRequests,
  planComponents,
  readLock,
  writeLock,
} from "@glovebox/components";
import { checkWritePlace } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import { createConsent } from "../consent.ts";
import { printComponent } from "../print/print-component.ts";
import { printSources } from "../print/print-sources.ts";
import type { Terminal } from "../terminal.ts";
import { type ComponentOptions, lockName, namedComponents } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";
import { sourcesOf } from "./component-sources.ts";

export interface InstallOptions extends ComponentOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `glovebox components install`: into a directory of this machine, where no sandbox holds what it starts. */
export async function installInto(target: string, options: InstallOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, cwd } = terminal;
  const directory = checkWritePlace(resolve(cwd, target));
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidOptionsError(`${directory} is not a directory`);
  const requests = parseRequests(namedComponents(options));
  if (requests.length === 0) {
    throw new InvalidOptionsError("Nothing is named to install", {
      hint: "For example --agent development-team/frontend-developer.",
    });
  }
  const { specs, context } = await componentPlace(options, terminal);
  const lockPath = join(cwd, lockName);
  const lock = await readLock(lockPath);
  const catalogs = await openCatalogs(sourcesOf(requests, specs), context, lock);
  printSources(catalogs, stderr, options.verbose);
  const plan = await planComponents({
    requests,
    catalogs,
    lock,
    existing: directoryWorkspace(directory),
    cwd,
    context,
    ...(options.yes ? { acceptLater: true } : {}),
  });
  for (const component of plan.components) printComponent(component, stderr, options.verbose);
  for (const conflict of plan.conflicts) stderr.line(`${stderr.colors.yellow("warning:")} ${safeName(conflict)}`);
  const question = `Write ${plan.files.length} files into ${safeName(directory)}? A coding agent will run them on this machine`;
  if (!(await createConsent(terminal, options)(question))) {
    throw new InvalidOptionsError(`Nothing was written into ${directory}: nobody agreed to it`, {
      hint: "Look at what is listed, then say --yes.",
    });
  }
  await installPlan(plan, directory);
  await writeLock(lockPath, plan.lock);
  for (const { path } of plan.files) {
    if (options.json) stdout.json({ path });
    else stdout.line(safeName(path));
  }
  return 0;
}

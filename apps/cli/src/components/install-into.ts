import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  folderWorkspace,
  installPlan,
  openCatalogs,
  parseRequests,
  planComponents,
  readLock,
  writeLock,
} from "@glovebox/components";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { createConsent } from "../consent.ts";
import { printComponent } from "../print/print-component.ts";
import { safeName } from "../print/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { type ComponentOptions, lockName, namedComponents } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";
import { sourcesOf } from "./component-sources.ts";

export interface InstallOptions extends ComponentOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `glovebox components install`: into a folder of this machine, where no sandbox holds what it starts. */
export async function installInto(given: string, options: InstallOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, cwd } = terminal;
  const folder = resolve(cwd, given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidOptionsError(`${folder} is not a folder`);
  const requests = parseRequests(namedComponents(options));
  if (requests.length === 0) {
    throw new InvalidOptionsError("Nothing is named to install", {
      hint: "For example --agent development-team/frontend-developer.",
    });
  }
  const { specs, context } = await componentPlace(options, terminal);
  const lockPath = join(cwd, lockName);
  const lock = await readLock(lockPath);
  const plan = await planComponents({
    requests,
    catalogs: await openCatalogs(sourcesOf(requests, specs), context, lock),
    lock,
    existing: folderWorkspace(folder),
    cwd,
    context,
    ...(options.yes ? { acceptLater: true } : {}),
  });
  for (const component of plan.components) printComponent(component, stderr);
  for (const conflict of plan.conflicts) stderr.line(`${stderr.colors.yellow("warning:")} ${safeName(conflict)}`);
  const question = `Write ${plan.files.length} files into ${safeName(folder)}? Claude Code will run them on this machine`;
  if (!(await createConsent(terminal, options)(question))) {
    throw new InvalidOptionsError(`Nothing was written into ${folder}: nobody agreed to it`, {
      hint: "Look at what is listed, then say --yes.",
    });
  }
  await installPlan(plan, folder);
  await writeLock(lockPath, plan.lock);
  for (const { path } of plan.files) stdout.line(options.json ? JSON.stringify({ path }) : safeName(path));
  return 0;
}

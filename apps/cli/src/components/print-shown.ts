import { join } from "node:path";
import {
  type ComponentKind,
  type ComponentPlan,
  componentKinds,
  openCatalogs,
  parseRequests,
  readLock,
  showComponent,
} from "@glovebox/components";
import { SandboxError } from "@glovebox/core/provider";
import { printComponent } from "../print/print-component.ts";
import { printSources } from "../print/print-sources.ts";
import type { Terminal } from "../terminal.ts";
import { type ComponentOptions, lockName } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";
import { sourcesOf } from "./component-sources.ts";

export interface ShowComponentOptions extends ComponentOptions {
  readonly type?: readonly ComponentKind[];
  readonly json?: boolean;
}

/** `glovebox components show`: what a name means, in every kind that has it. */
export async function printShown(name: string, options: ShowComponentOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, cwd } = terminal;
  const { specs, context } = await componentPlace(options, terminal);
  const kinds = options.type ?? componentKinds;
  const requests = kinds.flatMap((kind) => parseRequests({ [kind]: [name] }));
  const catalogs = await openCatalogs(sourcesOf(requests, specs), context, await readLock(join(cwd, lockName)));
  printSources(catalogs, stderr, options.verbose);
  const plans: ComponentPlan[] = [];
  const errors: SandboxError[] = [];
  for (const request of requests) {
    try {
      plans.push(await showComponent(request, catalogs, { cwd, context }));
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      errors.push(error);
    }
  }
  // What is wrong with a component that is there says more than that other kinds have none of the name.
  const problem = errors.find(({ code }) => code !== "not-found") ?? errors[0];
  if (plans.length === 0 && problem !== undefined) throw problem;
  for (const component of plans.flatMap((plan) => plan.components)) {
    if (options.json) stdout.json(component);
    else printComponent(component, stdout, options.verbose);
  }
  return 0;
}

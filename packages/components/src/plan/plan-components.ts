import { InvalidOptionsError } from "@glovebox/core/provider";
import { baseName } from "../catalog/base-name.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { ReadEntry } from "../catalog/read-entry.ts";
import type { ComponentKind } from "../component-kind.ts";
import type { ExpectedComponents } from "../kinds/component-content.ts";
import { ComponentRefusal } from "../kinds/component-refusal.ts";
import type { ComponentLock } from "../lock/component-lock.ts";
import { checkLock, lockComponents, type UsedComponent } from "../lock/lock-components.ts";
import type { ComponentRequest } from "../names/component-request.ts";
import type { ResolvedName } from "../names/resolve-name.ts";
import { resolveRequests } from "../names/resolve-requests.ts";
import { lockedSource } from "../sources/format-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { ComponentPlan, PlannedComponent } from "./component-plan.ts";
import { installNames } from "./install-names.ts";
import { nameTwins } from "./name-twins.ts";
import { WorkspaceChanges } from "./workspace-changes.ts";
import type { WorkspaceReader } from "./workspace-reader.ts";

/** How `planComponents` plans: what is requested, and where it is looked for. */
export interface PlanOptions {
  readonly requests: readonly ComponentRequest[];
  readonly catalogs: readonly Catalog[];
  readonly lock: ComponentLock;
  readonly existing: WorkspaceReader;
  /** Where the later of two that conflict may stand; otherwise a plan with conflicts is not `installable`. */
  readonly acceptLater?: boolean;
  /** Where `./path` begins. */
  readonly cwd: string;
  /** For plugins of a marketplace that lie elsewhere. */
  readonly context: SourceContext;
}

interface ReadComponent extends ResolvedName, ReadEntry {
  /** Its kind and its name with the category. */
  readonly label: string;
  readonly kind: ComponentKind;
  readonly installName: string;
}

/**
 * What installing exactly these components comes to. Writes nothing into the workspace. Throws `not-found` or
 * `invalid-options` for a name that means nothing or several things, for a component that cannot be installed as its
 * kind (with every such one and its reason), and for one that is not what the lock pins.
 */
export async function planComponents(options: PlanOptions): Promise<ComponentPlan> {
  const resolved = await resolveRequests(options.requests, options.catalogs, options);
  const read = await readAll(resolved);
  const used = read
    .filter(({ catalog }) => catalog.spec.name !== "path")
    .map((component) => toUsed(component, options.cwd));
  checkLock(options.lock, used);
  const changes = new WorkspaceChanges(options.existing);
  for (const component of read) await changes.add(component.content, component.label);
  await checkNeeds(read, changes);
  const { conflicts } = changes;
  return {
    files: changes.files(),
    components: read.map((component) => toPlanned(component, options.cwd)),
    plugins: read.flatMap(({ content }) => content.plugins),
    expected: joinExpected(read.map(({ content }) => content.expected)),
    conflicts,
    installable: conflicts.length === 0 || options.acceptLater === true,
    warnings: read.flatMap((component) => component.content.warnings.map((text) => `${component.label}: ${text}`)),
    lock: lockComponents(options.lock, used),
  };
}

/** Reads every component, so that one error names all that are refused. */
async function readAll(resolved: readonly ResolvedName[]): Promise<ReadComponent[]> {
  // Loaded when components are read: a search in the cache has no use for it.
  const { readEntry } = await import("../catalog/read-entry.ts");
  const read: ReadComponent[] = [];
  const refusals: string[] = [];
  const names = installNames(resolved);
  for (const [index, { catalog, entry }] of resolved.entries()) {
    const name = names[index] ?? entry.name;
    const label = `${entry.kind} ${entry.name}`;
    try {
      const one = await readEntry(await catalog.tree(), entry, name);
      const own = baseName(entry.name);
      const renamed =
        entry.kind === "command" && name !== own ? [`It is called /${name.replaceAll("/", ":")} inside`] : [];
      read.push({ catalog, entry, label, kind: entry.kind, installName: name, ...withWarnings(one, renamed) });
    } catch (error) {
      if (!(error instanceof ComponentRefusal)) throw error;
      refusals.push(`${label} cannot be installed: it ${error.reason}`);
    }
  }
  if (refusals.length > 0) throw new InvalidOptionsError(refusals.join("; "));
  for (const { component, calledName, reason } of nameTwins(read)) {
    const { catalog, entry, installName: name } = component;
    const again = await readEntry(await catalog.tree(), entry, name, calledName);
    read[read.indexOf(component)] = { ...component, ...withWarnings(again, [reason]) };
  }
  return read;
}

function withWarnings(read: ReadEntry, warnings: readonly string[]): ReadEntry {
  const { content } = read;
  return { ...read, content: { ...content, warnings: [...warnings, ...content.warnings] } };
}

/** A hook whose script is nowhere can only fail, each time it fires; so can an agent whose only tools are of no server. */
async function checkNeeds(read: readonly ReadComponent[], changes: WorkspaceChanges): Promise<void> {
  const refusals: string[] = [];
  for (const component of read) {
    const { missingScripts, neededServers } = component.content;
    for (const path of missingScripts)
      if (!(await changes.has(path)))
        refusals.push(
          `${component.label} cannot be installed: it runs ${path}, which neither its source nor the workspace holds`,
        );
    if (neededServers.length === 0) continue;
    const servers = (await changes.servers()).map((name) => name.replace(/[^a-zA-Z0-9_-]/g, "_"));
    if (!neededServers.some((name) => servers.includes(name) || (name === "*" && servers.length > 0)))
      refusals.push(
        `${component.label} cannot be installed: all its tools are of MCP servers that are not there: ${[...new Set(neededServers)].join(", ")}`,
      );
  }
  if (refusals.length > 0) throw new InvalidOptionsError(refusals.join("; "));
}

function joinExpected(all: readonly ExpectedComponents[]): ExpectedComponents {
  const join = (key: Exclude<keyof ExpectedComponents, "descriptions">): string[] => [
    ...new Set(all.flatMap((expected) => expected[key])),
  ];
  return {
    agents: join("agents"),
    commands: join("commands"),
    skills: join("skills"),
    mcpServers: join("mcpServers"),
    descriptions: Object.assign({}, ...all.map(({ descriptions }) => descriptions)),
  };
}

function toUsed({ catalog, entry, sha256 }: ReadComponent, cwd: string): UsedComponent {
  const source = lockedSource(catalog.spec, cwd);
  return { kind: entry.kind, name: entry.name, source, sha256, revision: catalog.revision };
}

function toPlanned(component: ReadComponent, cwd: string): PlannedComponent {
  const { content } = component;
  return {
    ...toUsed(component, cwd),
    description: content.description,
    files: content.files.map((file) => file.path),
    tools: content.tools,
    hosts: content.hosts,
    serverHosts: content.serverHosts,
    commands: content.commands,
    programs: content.programs,
    variables: content.variables,
    serverVariables: content.serverVariables,
    warnings: content.warnings,
  };
}

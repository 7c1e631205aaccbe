import { InvalidOptionsError } from "@glovebox/core/provider";
import { baseName } from "../catalog/base-name.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { ReadEntry } from "../catalog/read-entry.ts";
import type { ExpectedComponents } from "../kinds/component-content.ts";
import { ComponentRefusal } from "../kinds/component-refusal.ts";
import type { ComponentLock } from "../lock/component-lock.ts";
import { checkLock, lockComponents, type UsedComponent } from "../lock/lock-components.ts";
import type { ComponentRequest } from "../names/component-request.ts";
import type { ResolvedName } from "../names/resolve-name.ts";
import { resolveRequests } from "../names/resolve-requests.ts";
import { formatSource } from "../sources/format-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import { withoutCredentials } from "../sources/without-credentials.ts";
import type { ComponentPlan, PlannedComponent } from "./component-plan.ts";
import { WorkspaceChanges } from "./workspace-changes.ts";
import type { WorkspaceReader } from "./workspace-reader.ts";

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

interface ReadComponent extends ResolvedName, ReadEntry {}

/**
 * What installing exactly these components comes to. Writes nothing into the workspace. Throws `not-found` or
 * `invalid-options` for a name that means nothing or several things, for a component that cannot be installed as its
 * kind (with every such one and its reason), and for one that is not what the lock pins.
 */
export async function planComponents(options: PlanOptions): Promise<ComponentPlan> {
  const resolved = await resolveRequests(options.requests, options.catalogs, options);
  const read = await readAll(resolved);
  const used = read.filter(({ catalog }) => catalog.spec.name !== "path").map(toUsed);
  checkLock(options.lock, used);
  const changes = new WorkspaceChanges(options.existing);
  const shadowed = shadowedAgents(read);
  for (const component of read)
    if (!shadowed.some((pair) => pair.earlier === component)) await changes.add(component.content, label(component));
  await checkScripts(read, changes);
  const conflicts = [...changes.conflicts, ...shadowed.map((pair) => pair.conflict)];
  return {
    files: changes.files(),
    components: read.map(toPlanned),
    expected: joinExpected(read.map(({ content }) => content.expected)),
    conflicts,
    installable: conflicts.length === 0 || options.acceptLater === true,
    warnings: read.flatMap((component) => component.content.warnings.map((text) => `${label(component)}: ${text}`)),
    lock: lockComponents(options.lock, used),
  };
}

/** Reads every component, so that one error names all that are refused. */
async function readAll(resolved: readonly ResolvedName[]): Promise<ReadComponent[]> {
  // Loaded when components are read: a search in the cache has no use for it.
  const { readEntry } = await import("../catalog/read-entry.ts");
  const read: ReadComponent[] = [];
  const refusals: string[] = [];
  for (const { catalog, entry } of resolved) {
    try {
      const content = await readEntry(await catalog.tree(), entry, installName(entry, resolved));
      read.push({ catalog, entry, ...content });
    } catch (error) {
      if (!(error instanceof ComponentRefusal)) throw error;
      refusals.push(`${label({ entry })} cannot be installed: it ${error.reason}`);
    }
  }
  if (refusals.length > 0) throw new InvalidOptionsError(refusals.join("; "));
  return read;
}

/** Two of a kind with the same last name are told apart by their categories. */
function installName(entry: ResolvedName["entry"], resolved: readonly ResolvedName[]): string {
  const own = baseName(entry.name);
  const twins = resolved.filter((other) => other.entry.kind === entry.kind && baseName(other.entry.name) === own);
  if (twins.length < 2 || entry.kind === "hook" || entry.kind === "setting") return own;
  return entry.kind === "command" ? entry.name : entry.name.replaceAll("/", "-");
}

/** A hook whose script is nowhere can only fail, each time it fires. */
async function checkScripts(read: readonly ReadComponent[], changes: WorkspaceChanges): Promise<void> {
  const refusals: string[] = [];
  for (const component of read)
    for (const path of component.content.missingScripts)
      if (!(await changes.has(path)))
        refusals.push(
          `${label(component)} cannot be installed: it runs ${path}, which neither its source nor the workspace holds`,
        );
  if (refusals.length > 0) throw new InvalidOptionsError(refusals.join("; "));
}

interface ShadowedAgent {
  readonly earlier: ReadComponent;
  readonly conflict: string;
}

/** Claude Code loads one agent of a name, whatever its file is called: of two, only the later is installed. */
function shadowedAgents(read: readonly ReadComponent[]): ShadowedAgent[] {
  const owners = new Map<string, ReadComponent>();
  return read.flatMap((component) =>
    component.content.expected.agents.flatMap((name) => {
      const earlier = owners.get(name);
      owners.set(name, component);
      if (earlier === undefined) return [];
      const conflict = `${label(earlier)} and ${label(component)} both call their agent ${JSON.stringify(name)}`;
      return [{ earlier, conflict }];
    }),
  );
}

function joinExpected(all: readonly ExpectedComponents[]): ExpectedComponents {
  const join = (key: keyof ExpectedComponents): string[] => [...new Set(all.flatMap((expected) => expected[key]))];
  return { agents: join("agents"), commands: join("commands"), skills: join("skills"), mcpServers: join("mcpServers") };
}

function toUsed({ catalog, entry, sha256 }: ReadComponent): UsedComponent {
  const source = withoutCredentials(formatSource(catalog.spec));
  return { kind: entry.kind, name: entry.name, source, sha256, revision: catalog.revision };
}

function toPlanned(component: ReadComponent): PlannedComponent {
  const { content } = component;
  return {
    ...toUsed(component),
    description: content.description,
    files: content.files.map((file) => file.path),
    tools: content.tools,
    hosts: content.hosts,
    commands: content.commands,
    variables: content.variables,
    warnings: content.warnings,
  };
}

function label({ entry }: Pick<ResolvedName, "entry">): string {
  return `${entry.kind} ${entry.name}`;
}

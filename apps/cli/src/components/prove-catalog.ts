import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Catalog,
  type CheckedComponent,
  type ComponentPlan,
  emptyLock,
  planComponents,
  type SourceContext,
} from "@glovebox/components";
import { SandboxAbortedError, SandboxError, Secret } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { createScriptedModel } from "@glovebox/scripted-model";
import { createConsent } from "../consent.ts";
import { resolveRun } from "../plan/resolve-run.ts";
import { driveRun } from "../run/drive-run.ts";
import type { Terminal } from "../terminal.ts";

/** The kinds that a harness lists by name: these are installed and checked. */
const listedKinds = ["agent", "command", "skill"] as const;

export interface CatalogProof {
  /** How many of each kind the harness has loaded. */
  readonly proven: Readonly<Record<(typeof listedKinds)[number], number>>;
  /** What it has not, and which programs are not in the sandbox, each with its reason. */
  readonly failures: readonly string[];
}

/**
 * Installs every agent, command and skill that a check lets pass in one sandbox, and has the harness list what it has
 * loaded; looks there for the programs of hooks, settings and MCP servers, and starts none of them. No model is asked.
 */
export async function proveCatalog(
  catalog: Catalog,
  checked: readonly CheckedComponent[],
  context: SourceContext,
  terminal: Terminal,
): Promise<CatalogProof> {
  const working = checked.filter(({ state }) => state === "works");
  const plan = await planListed(catalog, working, context, terminal);
  const programs = working.flatMap(({ programs: needed }) =>
    // One that is missing must not keep the others from being proven.
    needed.filter(({ optional }) => !optional).map((program) => ({ ...program, optional: true })),
  );
  const output = await mkdtemp(join(tmpdir(), "glovebox-check-"));
  const key = randomBytes(16).toString("hex");
  const model = await createScriptedModel({ script: { turns: [{ text: "Done." }] }, expectKey: key }).listen();
  try {
    const consent = createConsent(terminal, { yes: true });
    const run = await resolveRun({
      prompt: "Say that you are done.",
      options: { output },
      extraArgs: [],
      terminal,
      directory: output,
      consent,
      preferFallback: true,
      fallbackCredential: async ({ credentials: [first] }) => {
        const variable = first?.variable ?? "";
        const credential = { variable, secret: new Secret(variable, key), upstream: model.url };
        return { credential, source: "the check's scripted model" };
      },
    });
    const warnings: string[] = [];
    const printer = {
      note: (message: string) => terminal.stderr.line(safeLine(message)),
      warn: (message: string) => void warnings.push(message),
      event: (event: { readonly type: string; readonly message?: unknown }) => {
        if (event.type === "warning") warnings.push(String(event.message));
      },
      hush: () => {},
      hideCost: () => {},
      end: () => {},
    };
    const components = { files: plan.files, expected: plan.expected, programs, origins: plan.components };
    const result = await driveRun(
      { ...run, spec: { ...run.spec, components } },
      { printer, consent, isScripted: true },
    );
    const missing = /^Not everything that was named is loaded: (.*)$/s
      .exec(result.reason)?.[1]
      ?.split(/; (?=[A-Z][^";]* (?:does not list|lists another) |hosts )/);
    if (result.outcome === "cancelled") throw new SandboxAbortedError("Cancelled");
    if (result.outcome !== "succeeded" && missing === undefined)
      throw new SandboxError("internal", `The components cannot be proven: ${result.reason}`);
    return proofOf(plan, missing ?? [], warnings);
  } finally {
    await model.close();
    await rm(output, { recursive: true, force: true });
  }
}

function planListed(
  catalog: Catalog,
  working: readonly CheckedComponent[],
  context: SourceContext,
  { cwd }: Terminal,
): Promise<ComponentPlan> {
  const requests = working.flatMap(({ kind, name }) =>
    listedKinds.some((listed) => listed === kind) ? [{ kind, name: `${catalog.spec.name}:${name}` }] : [],
  );
  return planComponents({
    requests,
    catalogs: [catalog],
    lock: emptyLock,
    existing: { read: async () => undefined },
    acceptLater: true,
    cwd,
    context,
  });
}

function proofOf({ expected }: ComponentPlan, missing: readonly string[], warnings: readonly string[]): CatalogProof {
  const without = (kind: string): number =>
    missing.filter((reason) => new RegExp(`^[^";]* (does not list the|lists another) ${kind} "`).test(reason)).length;
  const { agents, commands, skills } = expected;
  return {
    proven: {
      agent: agents.length - without("agent"),
      command: commands.length - without("command"),
      skill: skills.length - without("skill"),
    },
    failures: [
      ...missing,
      ...warnings
        .filter((text) => text.startsWith("A program is missing in the sandbox: "))
        .map((text) => text.replace("; the component goes without", "")),
    ],
  };
}

import { SandboxError, type TemplateInfo } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatBytes, safeLine } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { unknown } from "./run-template.ts";
import type { TemplateBuild, TemplateRecord } from "./template-record.ts";
import { TemplateStore } from "./template-store.ts";
import { BuildProviders, usersOf } from "./template-usage.ts";

export interface InspectTemplateOptions {
  readonly provider?: string;
  readonly json?: boolean;
}

interface InspectedBuild extends TemplateBuild {
  readonly info?: TemplateInfo | undefined;
  readonly usedBy?: readonly string[];
  readonly problem?: string;
}

/** `glovebox template inspect`. Resolves to the exit code. */
export async function inspectTemplate(
  name: string,
  { provider, json }: InspectTemplateOptions,
  terminal: Terminal,
): Promise<number> {
  const home = stateDirectory(terminal.env);
  const store = new TemplateStore(home);
  const record = store.find(name, provider);
  if (record === undefined) throw unknown(name, store);
  const providers = new BuildProviders(terminal);
  const wanted = record.builds.filter((build) => build.provider === (provider ?? build.provider));
  const builds = await Promise.all(wanted.map((build) => inspectBuild(build, providers, home)));
  if (json) {
    const { id, path, description } = record.template;
    terminal.stdout.json({ name: record.template.name, id, path, description, builds });
  } else print(record, builds, terminal);
  return 0;
}

async function inspectBuild(build: TemplateBuild, providers: BuildProviders, home: string): Promise<InspectedBuild> {
  try {
    const provider = await providers.open(build);
    const info = await provider.inspectTemplate?.(build.reference);
    return { ...build, info, usedBy: await usersOf(provider, build, home) };
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    return { ...build, problem: error.message };
  }
}

function print({ template }: TemplateRecord, builds: readonly InspectedBuild[], { stdout }: Terminal): void {
  const { name: _, $schema: __, ...description } = template.description;
  stdout.line(stdout.colors.bold(template.id));
  stdout.line(`  described by   ${safeLine(template.path, 300)}`);
  for (const [key, value] of Object.entries(flat(description))) {
    stdout.line(`  ${safeLine(key).padEnd(14)} ${safeLine(value, 300)}`);
  }
  for (const { provider, reference, digest, builtAt, info, usedBy, problem } of builds) {
    const size = info?.sizeBytes === undefined ? "" : `, ${formatBytes(info.sizeBytes)}`;
    stdout.line();
    stdout.line(`${stdout.colors.bold(safeLine(provider))}  ${safeLine(reference)}`);
    stdout.line(`  digest         ${safeLine(digest)}`);
    stdout.line(`  built          ${builtAt}${size}`);
    if (problem !== undefined) stdout.line(`  problem        ${safeLine(problem, 300)}`);
    if (usedBy !== undefined) stdout.line(`  used by        ${safeLine(usedBy.join(", ") || "no sandbox")}`);
    // What adds nothing to the size says nothing about it.
    const layers = [...(info?.layers ?? [])].reverse().filter(({ sizeBytes }) => sizeBytes > 0);
    for (const { step, sizeBytes } of layers) {
      stdout.line(`  ${formatBytes(sizeBytes).padStart(9)}  ${safeLine(stepText(step), 120)}`);
    }
  }
}

/** The parts of a description, each on one line. */
function flat(value: Readonly<Record<string, unknown>>, prefix = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, part] of Object.entries(value)) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (Array.isArray(part))
      found[name] = part.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(", ");
    else if (typeof part === "object" && part !== null)
      Object.assign(found, flat(part as Record<string, unknown>, name));
    else if (part !== undefined) found[name] = String(part);
  }
  return found;
}

/** The instruction without what the engine puts before it: its shell, and the build arguments. */
function stepText(step: string): string {
  const text = step.replace(/^\/bin\/sh -c (#\(nop\)\s*)?/, "").replace(/^(RUN )?\|\d+ (\w+=\S* )*/, "$1");
  return text === "" ? "the base" : text;
}

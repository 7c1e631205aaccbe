import { type CheckedComponent, checkCatalog, componentKinds, openCatalog, parseSource } from "@glovebox/components";
import { safeLine } from "@glovebox/core/text";
import { printSources } from "../print/print-sources.ts";
import type { Terminal } from "../terminal.ts";
import type { ComponentOptions } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";
import type { CatalogProof } from "./prove-catalog.ts";

export interface CheckOptions extends ComponentOptions {
  readonly json?: boolean;
  /** Also in a sandbox, by the harness. */
  readonly prove?: boolean;
}

const states = ["works", "unable", "refused", "elsewhere"] as const;
const reasonLength = 200;

/** `glovebox components check`: every component of a source. 1 when one is refused or cannot work. */
export async function checkSource(source: string, options: CheckOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, cwd } = terminal;
  const { specs, context } = await componentPlace(options, terminal);
  const spec = specs.find(({ name }) => name === source) ?? parseSource(source, cwd);
  const catalog = await openCatalog(spec, context);
  printSources([catalog], stderr, options.verbose);
  const checked = await checkCatalog(catalog);
  if (options.json) for (const one of checked) stdout.line(JSON.stringify(one));
  else {
    printCounts(checked, terminal);
    for (const state of ["refused", "unable"] as const) printReasons(checked, state, terminal);
    if (options.verbose) printWarnings(checked, terminal);
  }
  const works = checked.every(({ state }) => state !== "refused" && state !== "unable");
  if (!options.prove) return works ? 0 : 1;
  const { proveCatalog } = await import("./prove-catalog.ts");
  const proof = await proveCatalog(catalog, checked, context, terminal);
  if (options.json) stdout.line(JSON.stringify(proof));
  else printProof(proof, terminal);
  return works && proof.failures.length === 0 ? 0 : 1;
}

function printProof({ proven, failures }: CatalogProof, { stdout }: Terminal): void {
  const counts = Object.entries(proven).map(([kind, count]) => `${kind} ${count}`);
  stdout.line("");
  stdout.line(`Loaded by the harness in a sandbox: ${counts.join(", ")}`);
  if (failures.length > 0) stdout.line("Unable to work there:");
  for (const failure of failures) stdout.line(`  ${safeLine(failure, reasonLength)}`);
}

function printCounts(checked: readonly CheckedComponent[], { stdout }: Terminal): void {
  const rows = componentKinds.flatMap((kind) => {
    const ofKind = checked.filter((one) => one.kind === kind);
    const counts = states.map((state) => String(ofKind.filter((one) => one.state === state).length));
    return ofKind.length === 0 ? [] : [[kind, String(ofKind.length), ...counts]];
  });
  stdout.table(["KIND", "ALL", "WORK", "UNABLE", "REFUSED", "ELSEWHERE"], rows);
}

function printReasons(
  checked: readonly CheckedComponent[],
  state: CheckedComponent["state"],
  { stdout }: Terminal,
): void {
  const some = checked.filter((one) => one.state === state);
  if (some.length === 0) return;
  stdout.line("");
  stdout.line(state === "refused" ? "Refused:" : "Installed, and unable to work:");
  for (const { kind, name, reasons } of some)
    stdout.line(`  ${safeLine(`${kind} ${name}`)}: it ${safeLine(reasons.join("; it "), reasonLength)}`);
}

/** What an installation would rewrite, map or leave out, and what it warns of. */
function printWarnings(checked: readonly CheckedComponent[], { stdout }: Terminal): void {
  const some = checked.filter(({ warnings }) => warnings.length > 0);
  if (some.length > 0) stdout.line("\nWarnings:");
  for (const { kind, name, warnings } of some)
    for (const warning of warnings) stdout.line(`  ${safeLine(`${kind} ${name}`)}: ${safeLine(warning, reasonLength)}`);
}

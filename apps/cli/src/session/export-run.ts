import { basename, resolve } from "node:path";
import { createRunStore, exportSession, knownSecrets, type SecretInFile } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import { formatBytes, formatCount, safeName } from "@glovebox/core/text";
import { loadRunHarness } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { asTyped } from "../print/command-name.ts";
import { shown } from "../print/print-summary.ts";
import { findRun } from "../run/find-run.ts";
import type { Terminal } from "../terminal.ts";
import { hostSecrets } from "./host-secrets.ts";
import { secretRules } from "./secret-rules.ts";

export interface ExportRunInput {
  readonly reference: string | undefined;
  readonly output: string | undefined;
  readonly secrets: "refuse" | "redact" | "allow";
  readonly harness: string | undefined;
  readonly json: boolean | undefined;
  readonly terminal: Terminal;
}

/** Further places are counted. */
const mostNamed = 20;

/** `glovebox session export`, from its options to its exit code. */
export async function exportRun(input: ExportRunInput): Promise<number> {
  const { terminal, json, secrets } = input;
  const { cwd, env, stderr, stdout } = terminal;
  const home = stateDirectory(env);
  const run = await findRun(createRunStore(home), input.reference, cwd);
  const { config: user } = await loadUserConfig(home);
  const options = { harness: input.harness ?? run.harnessId };
  const harness = await loadRunHarness({ options, user, home, directory: cwd });
  const known = await hostSecrets({ run, harness, terminal, home });
  if (known.missing.length > 0) {
    const names = known.missing.map((name) => safeName(name)).join(", ");
    stderr.line(
      `warning: This host does not know the values of ${names} any more, so they are found only by their form`,
    );
  }
  const scanners = [knownSecrets(known.secrets), secretRules];
  const scan = async (text: string) => (await Promise.all(scanners.map((one) => one.scan(text)))).flat();
  const found: SecretInFile[] = [];
  const exported = await exportSession({
    ...{ home, runId: run.runId, harness, secrets, scanner: { scan } },
    path: resolve(cwd, input.output ?? `session-${run.runId}.tgz`),
    onSecret: (secret) => {
      found.push(secret);
    },
  }).finally(() => printSecrets(found, terminal));
  const { path, bytes, manifest, leftOut } = exported;
  for (const name of leftOut)
    stderr.line(`warning: Left out, because secrets cannot be taken out of it: ${safeName(name)}`);
  if (json) {
    const { masked, files } = manifest;
    stdout.json({ path, bytes, runId: run.runId, files: files.length, masked, leftOut });
    return 0;
  }
  stdout.line(shown(path, cwd));
  const masked = manifest.masked.conversation + manifest.masked.files;
  const removed = masked === 0 ? "no secrets found" : `${formatCount(masked, "secret")} removed`;
  stderr.line(
    `${formatBytes(bytes)}, ${formatCount(manifest.files.length, "change")}, ${removed}. Only you can read it.`,
  );
  stderr.line(`next: ${asTyped(`glovebox session import ${safeName(basename(path))}`, env)}`);
  return 0;
}

function printSecrets(found: readonly SecretInFile[], { stderr }: Terminal): void {
  for (const { path, line, name } of found.slice(0, mostNamed)) {
    stderr.line(`  ${safeName(path)}${line === 0 ? "" : `:${line}`} (${safeName(name)})`);
  }
  if (found.length > mostNamed) stderr.line(`  … and ${found.length - mostNamed} more`);
}

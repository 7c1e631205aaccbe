import { loadHarness } from "@glovebox/core";
import type { Finding, SandboxProvider } from "@glovebox/core/provider";
import { findCredential, missingCredential } from "../config/credential.ts";
import { homeFolder } from "../config/home-folder.ts";
import { e2bKeyVariable, resolveFrom } from "../config/plugins.ts";
import { loadProjectConfig } from "../config/project-config.ts";
import { readProjectSecrets, visibleSecret } from "../config/run-env.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { asTyped } from "../print/command-name.ts";
import { formatBytes } from "../print/quantities.ts";
import { safeText } from "../print/safe-text.ts";
import { shownMessage } from "../print/shown-message.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { requireEngine } from "./docker-engine.ts";
import { buildImage, sandboxImages } from "./image-actions.ts";
import type { ProviderOptions } from "./open-provider.ts";
import { openProvider } from "./open-provider.ts";

export interface DoctorOptions extends ProviderOptions {
  readonly fix?: boolean;
}

/** `glovebox doctor`: looks, with `--fix` sets up first, and says each thing as it is found. */
export async function examine(options: DoctorOptions, terminal: Terminal): Promise<number> {
  let ready = true;
  const look = async (name: string, examination: () => Promise<readonly Finding[]>) => {
    for (const finding of await attempt(name, examination)) {
      if (finding.status === "problem") ready = false;
      print(finding, options, terminal);
    }
  };
  await look("versions", versions);
  if (options.e2bApiKey !== undefined) terminal.stderr.line(visibleSecret("--e2b-api-key", e2bKeyVariable));
  await look("configuration", () => configuration(terminal));
  await look("credential", () => credential(terminal));
  if (options.fix) await look("fix", () => fix(options, terminal));
  let provider: SandboxProvider | undefined;
  await look("provider", async () => {
    const loaded = await openProvider(terminal, options);
    await requireEngine(loaded);
    provider = loaded.provider;
    return (await provider.preflight()).findings;
  });
  if (ready && provider?.id === "docker") await look("image", () => image(terminal));
  return ready ? 0 : 3;
}

async function versions(): Promise<readonly Finding[]> {
  const { claudeCodeVersion } = await import("@glovebox/harness-claude-code");
  const message = `Glovebox ${version}, Claude Code ${claudeCodeVersion} in the sandbox, Node ${process.versions.node}`;
  return [{ name: "versions", status: "ok", message }];
}

/** What fails while it is looked at is a finding too. */
async function attempt(name: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    const hint = (error as { readonly hint?: string }).hint;
    const message = error instanceof Error ? error.message : String(error);
    return [{ name, status: "problem", message, ...(hint === undefined ? {} : { hint }) }];
  }
}

async function fix(options: DoctorOptions, terminal: Terminal): Promise<readonly Finding[]> {
  // The lines of the build belong to progress: stdout is the findings'.
  await buildImage({ ...options, json: false }, { ...terminal, stdout: terminal.stderr });
  return [];
}

async function configuration({ env, cwd }: Terminal): Promise<readonly Finding[]> {
  const home = homeFolder(env);
  const { warnings } = await loadUserConfig(home);
  await loadProjectConfig(cwd);
  if (warnings.length === 0) return [{ name: "configuration", status: "ok", message: `State in ${home}` }];
  return warnings.map((message) => ({ name: "configuration", status: "notice" as const, message }));
}

async function credential({ env, cwd }: Terminal): Promise<readonly Finding[]> {
  const harness = await loadHarness("claude-code", { resolveFrom: resolveFrom(homeFolder(env)) });
  const names = harness.credentials.map((spec) => spec.variable);
  const found = findCredential(harness, [
    { name: "your environment", values: env },
    await readProjectSecrets(cwd, names),
  ]);
  const name = "credential";
  if (found !== undefined) return [{ name, status: "ok", message: `${found.spec.variable} from ${found.source}` }];
  const { message, hint } = missingCredential(harness, env);
  return [{ name, status: "notice", message, ...(hint === undefined ? {} : { hint }) }];
}

/** The sandbox image that a run without an image of its own takes. */
async function image(terminal: Terminal): Promise<readonly Finding[]> {
  const { current, older } = await sandboxImages(terminal);
  const more = older.length === 0 ? "" : `; ${older.length} older, which \`glovebox image rm --old\` removes`;
  if (current === undefined) {
    const hint = "The first run builds it, or now: `glovebox image build`.";
    return [{ name: "image", status: "notice", message: "The sandbox image is not there yet", hint }];
  }
  const message = `${current.reference}, ${formatBytes(current.sizeBytes)}${asTyped(more, terminal.env)}`;
  return [{ name: "image", status: "ok", message }];
}

function print(finding: Finding, options: DoctorOptions, { stdout, env }: Terminal): void {
  if (options.json) {
    stdout.line(JSON.stringify(finding));
    return;
  }
  const { green, yellow, red, dim } = stdout.colors;
  const mark = { ok: green("ok     "), notice: yellow("notice "), problem: red("problem") }[finding.status];
  stdout.line(`${mark}  ${finding.name.padEnd(14)} ${shownMessage(finding.message)}`);
  if (finding.hint !== undefined) stdout.line(`${" ".repeat(24)}${dim("→")} ${asTyped(safeText(finding.hint), env)}`);
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CallOptions,
  type PrepareProgress,
  SandboxError,
  sandboxUser,
  TemplateError,
  type TemplateLayer,
} from "@glovebox/core/provider";
import { supervisorPaths } from "@glovebox/supervisor";
import type { E2bApi } from "./e2b-api.ts";
import { readSupervisor } from "./set-up-sandbox.ts";
import { setUpScript, setUpVariables } from "./setup-script.ts";

const supervisorName = "supervisor.cjs";
const scriptName = "set-up.sh";
const scriptPath = `/opt/glovebox/${scriptName}`;
const toldLines = 8;
const buildTimeoutMs = 60 * 60 * 1000;

export interface BuildTemplateOptions {
  readonly name: string;
  /** The template that it starts from; E2B's base image unless given. */
  readonly from: string | undefined;
  readonly layers: readonly TemplateLayer[];
  readonly packages: readonly string[];
  readonly digest: string;
}

/** Builds a template on E2B, with all that a sandbox needs. Throws `template` with the build's own last words. */
export async function buildTemplate(
  api: E2bApi,
  options: BuildTemplateOptions,
  { onProgress, ...call }: CallOptions & { readonly onProgress?: (progress: PrepareProgress) => void },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "glovebox-e2b-"));
  const said: string[] = [];
  try {
    await writeFile(join(folder, supervisorName), await readSupervisor());
    await writeFile(join(folder, scriptName), setUpScript);
    await api.call("building the template", { ...call, timeoutMs: buildTimeoutMs }, async (client, { signal }) => {
      const blank = client.Template({ fileContextPath: folder });
      const base = options.from === undefined ? blank.fromBaseImage() : blank.fromTemplate(options.from);
      const template = base
        .copy(supervisorName, `${supervisorPaths.file}.new`, { user: "root", mode: 0o644 })
        .copy(scriptName, scriptPath, { user: "root", mode: 0o644 })
        .runCmd(commands(options), { user: "root" });
      await client.Template.build(template, options.name, {
        ...(signal && { signal }),
        onBuildLogs: ({ message }) => {
          said.push(message);
          onProgress?.({ message: "building the template", output: message });
        },
      });
    });
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "template") throw error;
    const words = said.slice(-toldLines).join("; ").replace(/\s+/g, " ");
    throw new TemplateError(`${error.message}: ${words.slice(-700)}`, { providerId: "e2b", cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sets up, then proves that each harness runs as the agent. */
function commands({ layers, packages, digest }: BuildTemplateOptions): string[] {
  const variables = { [setUpVariables.packages]: packages.join(" "), [setUpVariables.digest]: digest };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  const { uid, gid, home } = sandboxUser;
  const asAgent = `HOME=${home} setpriv --reuid ${uid} --regid ${gid} --clear-groups --`;
  return [
    `${assignments.join(" ")} sh ${scriptPath}`,
    `rm ${scriptPath}`,
    ...layers.map(({ check }) => `${asAgent} ${check.argv.map(quoted).join(" ")} | grep -F -- ${quoted(check.prints)}`),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

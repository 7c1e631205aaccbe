import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CallOptions,
  type PrepareProgress,
  SandboxError,
  sandboxUser,
  TemplateError,
  type TemplateLayer,
} from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import { supervisorPaths } from "@glovebox/supervisor";
import type { E2bApi } from "../api/e2b-api.ts";
import { readSupervisor } from "../supervisor/set-up-sandbox.ts";
import { setUpScript, setUpVariables } from "../supervisor/setup-script.ts";

const supervisorName = "supervisor.cjs";
const scriptName = "set-up.sh";
const scriptPath = `/opt/glovebox/${scriptName}`;
const reportedLines = 8;
const buildTimeoutMs = 60 * 60 * 1000;

export interface BuildTemplateOptions {
  readonly name: string;
  /** The template to start from. Default: E2B's base image. */
  readonly from: string | undefined;
  readonly layers: readonly TemplateLayer[];
  readonly packages: readonly string[];
  readonly digest: string;
}

/** Builds a template on E2B. A failure is a `template` error with the last lines of the build log. */
export async function buildTemplate(
  api: E2bApi,
  options: BuildTemplateOptions,
  { onProgress, ...call }: CallOptions & { readonly onProgress?: (progress: PrepareProgress) => void },
): Promise<void> {
  const directory = await makeTemporaryDirectory("glovebox-e2b");
  const log: string[] = [];
  try {
    await writeFile(join(directory, supervisorName), await readSupervisor());
    await writeFile(join(directory, scriptName), setUpScript);
    await api.call("building the template", { ...call, timeoutMs: buildTimeoutMs }, async (client, { signal }) => {
      const blank = client.Template({ fileContextPath: directory });
      const base = options.from === undefined ? blank.fromBaseImage() : blank.fromTemplate(options.from);
      const template = base
        .copy(supervisorName, `${supervisorPaths.file}.new`, { user: "root", mode: 0o644 })
        .copy(scriptName, scriptPath, { user: "root", mode: 0o644 })
        .runCmd(commands(options), { user: "root" });
      await client.Template.build(template, options.name, {
        ...(signal && { signal }),
        onBuildLogs: ({ message }) => {
          log.push(message);
          onProgress?.({ message: "building the template", output: message });
        },
      });
    });
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "template") throw error;
    const lastLines = log.slice(-reportedLines).join("; ").replace(/\s+/g, " ");
    throw new TemplateError(`${error.message}: ${lastLines.slice(-700)}`, { providerId: "e2b", cause: error });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The setup script, then a test that each harness runs as the agent. */
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

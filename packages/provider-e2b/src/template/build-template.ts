import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import {
  type CallOptions,
  type PrepareProgress,
  SandboxError,
  sandboxUser,
  TemplateError,
  type TemplateLayer,
} from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import { copyBuildContext } from "@glovebox/image-builder/description";
import { supervisorPaths } from "@glovebox/supervisor";
import type { TemplateBuilder } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import { readSupervisor } from "../supervisor/set-up-sandbox.ts";
import { setUpScript, setUpVariables } from "../supervisor/setup-script.ts";
import type { TemplateStep } from "./dockerfile-steps.ts";
import { refuseOutwardLinks } from "./refuse-outward-links.ts";
import type { TemplateDockerfile } from "./template-dockerfile.ts";

const supervisorName = "supervisor.cjs";
const scriptName = "set-up.sh";
/** Where the build context of a Dockerfile is, beside our own files. */
const contextName = "context";
const scriptPath = `/opt/glovebox/${scriptName}`;
const reportedLines = 8;
const buildTimeoutMs = 60 * 60 * 1000;

export interface BuildTemplateOptions {
  readonly name: string;
  /** The template to start from. Default: E2B's base image. */
  readonly from: string | undefined;
  /** A Dockerfile whose steps come first. */
  readonly dockerfile?: TemplateDockerfile;
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
    if (options.dockerfile !== undefined) {
      await mkdir(join(directory, contextName));
      const { context } = options.dockerfile;
      await copyBuildContext(context, join(directory, contextName));
      await refuseOutwardLinks(join(directory, contextName), context.files);
    }
    await api.call("building the template", { ...call, timeoutMs: buildTimeoutMs }, async (client, { signal }) => {
      const blank = client.Template({ fileContextPath: directory });
      const image = options.dockerfile?.steps.image;
      const from = options.from === undefined ? blank.fromBaseImage() : blank.fromTemplate(options.from);
      const start = image === undefined || options.from !== undefined ? from : blank.fromImage(image);
      const base = addSteps(start, options.dockerfile?.steps.steps ?? []);
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

/** As Docker builds: root is the user, and `/` the directory, until the Dockerfile says otherwise. */
function addSteps(from: TemplateBuilder, steps: readonly TemplateStep[]): TemplateBuilder {
  let user = "root";
  let builder = steps.length === 0 ? from : from.setUser(user).setWorkdir("/");
  for (const step of steps) {
    if (step.kind === "run") builder = builder.runCmd(step.command);
    else if (step.kind === "env") builder = builder.setEnvs({ ...step.variables });
    else if (step.kind === "workdir") builder = builder.setWorkdir(step.path);
    else if (step.kind === "user") {
      user = step.name;
      builder = builder.setUser(user);
    } else {
      const { sources, target, mode, user: owner = "root" } = step;
      for (const source of sources) {
        const path = posix.join(contextName, source);
        builder = builder.copy(path, target, { user: owner, ...(mode === undefined ? {} : { mode }) });
      }
    }
  }
  return builder;
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

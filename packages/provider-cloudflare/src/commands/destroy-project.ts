import type { CommandContext } from "@glovebox/core/plugin";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { z } from "zod";
import { cloudflarePackage } from "./cloudflare-package.ts";
import { checkAccount } from "./deployed/check-account.ts";
import { forgetWorker, requireWorker } from "./deployed/worker-address.ts";
import { destroyWorkerSandbox, listWorkerSandboxes } from "./deployed/worker-api.ts";
import { openProject, type WorkerProject } from "./project/worker-project.ts";
import { findWrangler, type Wrangler } from "./wrangler/find-wrangler.ts";
import { runWrangler } from "./wrangler/run-wrangler.ts";

export interface DestroyOptions {
  readonly url?: string;
  readonly yes?: boolean;
}

/** `glovebox cloudflare destroy`. */
export async function destroyProject(
  directory: string | undefined,
  options: DestroyOptions,
  context: CommandContext,
): Promise<number> {
  const { stderr, stdout, env, cwd } = context;
  const project = await openProject(directory, cwd);
  await checkAccount(env);
  const consent = context.createConsent({ ...options, ciAgrees: true });
  const question = `Destroy the Worker ${project.name} and all of its sandboxes with their files?`;
  if (!(options.yes || (await context.askTrust(question)))) {
    throw new InvalidOptionsError("Aborted: not confirmed", { hint: "Pass --yes to skip the prompt." });
  }
  const source = cloudflarePackage();
  const say = (line: string) => stderr.line(safeLine(line, 300));
  const wrangler = await findWrangler({ projectDirectory: project.directory, context, source, consent, say });
  const url = await destroySandboxes(options.url, context);
  const run = async (...args: readonly string[]) =>
    await runWrangler({ wrangler, project, args, env, onLine: (line) => line.trim() !== "" && say(`  ${line}`) });
  const application = await findApplication(project, { wrangler, env });
  const isGone = await run("delete", "--force").then(
    () => false,
    (error: unknown) => {
      // Already destroyed, for instance by an earlier attempt that did not finish.
      if (SandboxError.isInstance(error) && error.code === "not-found") return true;
      throw error;
    },
  );
  // Otherwise the container application would remain and cost money.
  if (application !== undefined) await run("containers", "delete", application);
  if (url !== undefined) await forgetWorker(context, url);
  stdout.line(isGone && application === undefined ? `${project.name} was not there` : `${project.name} is destroyed`);
  return 0;
}

const applicationsSchema = z.array(z.object({ id: z.string(), name: z.string() }));

/** Returns the id of the Worker's container application. */
async function findApplication(
  project: WorkerProject,
  { wrangler, env }: { readonly wrangler: Wrangler; readonly env: CommandContext["env"] },
): Promise<string | undefined> {
  const args = ["containers", "list", "--json"];
  const { stdout } = await runWrangler({ wrangler, project, args, env, onLine: () => {} });
  const applications = applicationsSchema.parse(JSON.parse(stdout));
  return applications.find(({ name }) => name === project.application)?.id;
}

/** Destroys the sandboxes first, because a removed Worker cannot stop them. Without its key, they end with it. */
async function destroySandboxes(url: string | undefined, context: CommandContext): Promise<string | undefined> {
  const { stderr } = context;
  try {
    const address = await requireWorker(url, context);
    for (const { id } of await listWorkerSandboxes(address)) {
      await destroyWorkerSandbox(address, id);
      stderr.line(`Destroyed the sandbox ${safeLine(id, 60)}`);
    }
    return address.url;
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    stderr.line(`Could not destroy its sandboxes first: ${safeLine(error.message)}`);
    return undefined;
  }
}

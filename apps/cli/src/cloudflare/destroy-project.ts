import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { z } from "zod";
import { homeFolder } from "../config/home-folder.ts";
import { createConsent, createTrustQuestion } from "../consent.ts";
import { safeLine } from "../print/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { checkAccount } from "./check-account.ts";
import { findCloudflarePackage } from "./cloudflare-package.ts";
import { findWrangler, type Wrangler } from "./find-wrangler.ts";
import { runWrangler } from "./run-wrangler.ts";
import { forgetWorker, requireWorker } from "./worker-address.ts";
import { destroyWorkerSandbox, listWorkerSandboxes } from "./worker-api.ts";
import { openProject, type WorkerProject } from "./worker-project.ts";

export interface DestroyOptions {
  readonly url?: string;
  readonly yes?: boolean;
}

/** `glovebox cloudflare destroy`. */
export async function destroyProject(
  directory: string | undefined,
  options: DestroyOptions,
  terminal: Terminal,
): Promise<number> {
  const { stderr, stdout, env, cwd } = terminal;
  const home = homeFolder(env);
  const project = await openProject(directory, cwd);
  await checkAccount(env);
  const consent = createConsent(terminal, options);
  const question = `Destroy the Worker ${project.name}, and every sandbox of its with what is in it?`;
  if (!(options.yes || (await createTrustQuestion(terminal, {})(question)))) {
    throw new InvalidOptionsError("Nothing was destroyed: nobody agreed", { hint: "--yes agrees." });
  }
  const source = await findCloudflarePackage(home, consent);
  const say = (line: string) => stderr.line(safeLine(line, 300));
  const wrangler = await findWrangler({ projectFolder: project.folder, home, path: env.PATH, source, consent, say });
  const url = await destroySandboxes(options.url, home, terminal);
  const run = async (...args: readonly string[]) =>
    await runWrangler({ wrangler, project, args, env, onLine: (line) => line.trim() !== "" && say(`  ${line}`) });
  const application = await findApplication(project, { wrangler, env });
  const isGone = await run("delete", "--force").then(
    () => false,
    (error: unknown) => {
      // Destroyed by hand, or by an earlier try that did not get to its end.
      if (SandboxError.isInstance(error) && error.code === "not-found") return true;
      throw error;
    },
  );
  // Without it the containers' application would stay, and cost.
  if (application !== undefined) await run("containers", "delete", application);
  if (url !== undefined) await forgetWorker(home, url);
  stdout.line(isGone && application === undefined ? `${project.name} was not there` : `${project.name} is destroyed`);
  return 0;
}

const applicationsSchema = z.array(z.object({ id: z.string(), name: z.string() }));

/** The id of the application that the Worker's containers belong to. */
async function findApplication(
  project: WorkerProject,
  { wrangler, env }: { readonly wrangler: Wrangler; readonly env: Terminal["env"] },
): Promise<string | undefined> {
  const args = ["containers", "list", "--json"];
  const { stdout } = await runWrangler({ wrangler, project, args, env, onLine: () => {} });
  const applications = applicationsSchema.parse(JSON.parse(stdout));
  return applications.find(({ name }) => name === project.application)?.id;
}

/** A Worker that is gone cannot stop its containers any more, so they go first. Without its key they go with it. */
async function destroySandboxes(
  given: string | undefined,
  home: string,
  { stderr, env }: Terminal,
): Promise<string | undefined> {
  try {
    const address = await requireWorker(given, home, env);
    for (const { id } of await listWorkerSandboxes(address)) {
      await destroyWorkerSandbox(address, id);
      stderr.line(`Sandbox ${safeLine(id, 60)} is destroyed`);
    }
    return address.url;
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    stderr.line(`Its sandboxes were not asked to end first: ${safeLine(error.message)}`);
    return undefined;
  }
}

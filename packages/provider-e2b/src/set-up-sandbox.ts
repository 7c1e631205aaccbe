import { readFile } from "node:fs/promises";
import { type CallOptions, TemplateError } from "@glovebox/core/provider";
import { supervisorFile, supervisorPaths } from "@glovebox/supervisor";
import type { Sandbox } from "e2b";
import type { E2bApi } from "./e2b-api.ts";
import { setUpScript, setUpVariables } from "./setup-script.ts";
import { runAsRoot } from "./start-supervisor.ts";
import type { TemplateReference } from "./template-reference.ts";

/** What is installed comes from the internet. */
const timeoutMs = 15 * 60 * 1000;

/** Installs what a template of ours would hold into a fresh sandbox of any other template. */
export async function setUpSandbox(
  api: E2bApi,
  inside: Sandbox,
  { packages, digest }: { readonly packages: TemplateReference["packages"]; readonly digest: string },
  { signal }: CallOptions,
): Promise<void> {
  const doing = "setting the sandbox up";
  const text = await readSupervisor();
  await api.callInside(doing, { ...(signal && { signal }) }, (call) =>
    inside.files.write(`${supervisorPaths.file}.new`, text, { ...call, user: "root" }),
  );
  const envs = { [setUpVariables.packages]: packages.join(" "), [setUpVariables.digest]: digest };
  const { exitCode, stderr } = await runAsRoot(api, inside, { doing, script: setUpScript, envs, signal, timeoutMs });
  if (exitCode === 0) return;
  throw new TemplateError(
    `The sandbox could not be set up: ${stderr.trim().split("\n").slice(-3).join("; ").slice(-800)}`,
    {
      providerId: "e2b",
      hint: "`glovebox template build --provider e2b` installs it once, into a template of its own.",
    },
  );
}

let supervisor: Promise<string> | undefined;

/** Read once: what goes into a template's digest is what goes into a sandbox. */
export async function readSupervisor(): Promise<string> {
  supervisor ??= readFile(supervisorFile, "utf8");
  try {
    return await supervisor;
  } catch (cause) {
    supervisor = undefined;
    throw new TemplateError(`The supervisor's file cannot be read: ${supervisorFile}`, {
      providerId: "e2b",
      hint: "In a checkout, `pnpm build` makes it.",
      cause,
    });
  }
}

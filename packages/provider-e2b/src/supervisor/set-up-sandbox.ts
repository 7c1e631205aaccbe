import { readFile } from "node:fs/promises";
import { type CallOptions, TemplateError } from "@glovebox/core/provider";
import { supervisorFile, supervisorPaths } from "@glovebox/supervisor";
import type { Sandbox } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import type { TemplateReference } from "../template/template-reference.ts";
import { runAsRoot } from "./run-as-root.ts";
import { setUpScript, setUpVariables } from "./setup-script.ts";

/** Includes downloads. */
const timeoutMs = 15 * 60 * 1000;

/** Installs what a Glovebox template contains into a new sandbox of another template. */
export async function setUpSandbox(
  api: E2bApi,
  handle: Sandbox,
  { packages, digest }: { readonly packages: TemplateReference["packages"]; readonly digest: string },
  { signal }: CallOptions,
): Promise<void> {
  const operation = "setting up the sandbox";
  const text = await readSupervisor();
  await api.callInside(operation, { ...(signal && { signal }) }, (call) =>
    handle.files.write(`${supervisorPaths.file}.new`, text, { ...call, user: "root" }),
  );
  const envs = { [setUpVariables.packages]: packages.join(" "), [setUpVariables.digest]: digest };
  const { exitCode, stderr } = await runAsRoot(api, handle, {
    operation,
    script: setUpScript,
    envs,
    signal,
    timeoutMs,
  });
  if (exitCode === 0) return;
  throw new TemplateError(`Cannot set up the sandbox: ${stderr.trim().split("\n").slice(-3).join("; ").slice(-800)}`, {
    providerId: "e2b",
    hint: "Build a template, which installs it once.",
    remedy: { do: "build-template" },
  });
}

let supervisor: Promise<string> | undefined;

/** Reads the file once, so that the template's digest matches what sandboxes get. */
export async function readSupervisor(): Promise<string> {
  supervisor ??= readFile(supervisorFile, "utf8");
  try {
    return await supervisor;
  } catch (cause) {
    supervisor = undefined;
    throw new TemplateError(`Cannot read the supervisor's file ${supervisorFile}`, {
      providerId: "e2b",
      hint: "In a checkout, run `pnpm build`.",
      cause,
    });
  }
}

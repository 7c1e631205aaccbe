import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type HostGitResult, hostGit } from "./host-git.ts";

/** What is known of the repository that a workspace lies in. */
export interface GitWorkspace {
  /** From the repository's top to the workspace, with a trailing slash; empty when it is the top. */
  readonly prefix: string;
  /** The commit that is checked out; absent before the first one. */
  readonly head?: string;
  /** The branch's full name, `refs/heads/main`; absent when none is checked out. */
  readonly branch?: string;
  /** Of a shallow clone: the commits at which its history ends. */
  readonly shallow?: string;
}

/** `undefined` when the folder is in no repository or git is not installed. */
export async function findGitWorkspace(workspace: string, signal?: AbortSignal): Promise<GitWorkspace | undefined> {
  const ask = (...args: string[]) => hostGit(args, { cwd: workspace, signal });
  const inside = await ask("rev-parse", "--is-inside-work-tree");
  if (inside.exitCode !== 0 || oneLine(inside) !== "true") return undefined;
  const prefix = await ask("rev-parse", "--show-prefix");
  const head = await ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
  const branch = await ask("symbolic-ref", "--quiet", "HEAD");
  const shallowPath = await ask("rev-parse", "--git-path", "shallow");
  const shallow = await readFile(resolve(workspace, oneLine(shallowPath)), "utf8").catch(() => undefined);
  return {
    prefix: oneLine(prefix),
    ...(head.exitCode === 0 ? { head: oneLine(head) } : {}),
    ...(branch.exitCode === 0 ? { branch: oneLine(branch) } : {}),
    // A link in its place could lead to any file.
    ...(shallow !== undefined && /^([0-9a-f]{40,64}\n)+$/.test(shallow) ? { shallow } : {}),
  };
}

/** The name and address that commits inside are made with: the host user's own, or Glovebox's. */
export async function readIdentity(workspace: string): Promise<{ readonly name: string; readonly email: string }> {
  const [name, email] = await Promise.all(["user.name", "user.email"].map((key) => readConfig(workspace, key)));
  return { name: name ?? "Glovebox", email: email ?? "glovebox@localhost" };
}

/** The address of `origin` without credentials; absent when there is none or it is a place on this machine. */
export async function readOrigin(workspace: string): Promise<string | undefined> {
  const origin = await readConfig(workspace, "remote.origin.url");
  if (origin === undefined) return undefined;
  if (/^[\w.-]+@[\w.-]+:(?!\/\/)\S+$/.test(origin)) return origin;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || !["https:", "http:", "ssh:", "git:"].includes(url.protocol)) return undefined;
  url.password = "";
  if (url.protocol !== "ssh:") url.username = "";
  url.search = "";
  url.hash = "";
  return url.href;
}

async function readConfig(workspace: string, key: string): Promise<string | undefined> {
  const answer = await hostGit(["config", "--get", key], { cwd: workspace, ownConfig: true });
  const value = oneLine(answer);
  return answer.exitCode === 0 && value !== "" && !/[\r\n\0]/.test(value) ? value : undefined;
}

function oneLine(result: HostGitResult): string {
  return result.stdout.toString("utf8").replace(/\n$/, "");
}

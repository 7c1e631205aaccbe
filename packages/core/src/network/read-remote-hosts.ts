import { isIP } from "node:net";
import { SandboxError } from "../errors/index.ts";
import { hostGit } from "../files/git/host-git.ts";
import { isHostName } from "./parse-host-port.ts";

const mostHosts = 16;
const mostUrlLength = 2000;
const timeoutMs = 10_000;

/**
 * The hosts of a workspace's git remotes, as they are reached over https at the usual port: of `https://`, of `ssh://` and
 * of `git@host:` addresses. At most 16, in the order of the configuration, which may be hostile: nothing of it is run or
 * followed, and nothing here is a reason to allow them. Empty where there is no repository or no git.
 */
export async function readRemoteHosts(
  workspace: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly string[]> {
  const lateResult = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? lateResult : AbortSignal.any([options.signal, lateResult]);
  const args = ["config", "--local", "--no-includes", "-z", "--get-regexp", "^remote\\..*\\.(push)?url$"];
  try {
    const { exitCode, stdout } = await hostGit(args, { cwd: workspace, signal });
    if (exitCode !== 0) return [];
    const addresses = stdout
      .toString("utf8")
      .split("\0")
      .map((entry) => entry.slice(entry.indexOf("\n") + 1));
    return [...new Set(addresses.flatMap((address) => remoteHost(address) ?? []))].slice(0, mostHosts);
  } catch (error) {
    // A configuration that makes git wait, as a pipe in its place does, names no remote.
    if (SandboxError.isInstance(error) && lateResult.aborted && !options.signal?.aborted) return [];
    throw error;
  }
}

function remoteHost(address: string): string | undefined {
  if (address.length > mostUrlLength) return undefined;
  const short = /^[\w.-]+@([\w.-]+):(?!\/\/)/.exec(address)?.[1];
  const url = short === undefined && URL.canParse(address) ? new URL(address) : undefined;
  const isHttps = url?.protocol === "https:" && url.port === "";
  const host = (short ?? (isHttps || url?.protocol === "ssh:" ? url?.hostname : undefined))?.toLowerCase();
  return host?.includes(".") && isIP(host) === 0 && isHostName(host) ? host : undefined;
}

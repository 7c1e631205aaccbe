import type { EgressPolicy } from "@glovebox/core/provider";

/** What the variables of a sandbox's environment depend on. */
export interface SandboxEnvironmentOptions {
  readonly policy: EgressPolicy;
  /** The gateway as the sandbox sees it: `http://127.0.0.1:47821`. */
  readonly origin: string;
  /** A PEM file inside with every certificate that the sandbox trusts. Without it no variable names one. */
  readonly caBundle?: string;
}

/**
 * Reached without the gateway: services of the sandbox's own, and the gateway's own routes. Every program reads these two
 * alike. The other names of the sandbox are asked of the proxy, whose end inside leads them back: there may be no `::1` here.
 */
const noProxy = "localhost,127.0.0.1";

/** Where most repositories lie: also where they may not be reached, so that git is refused by the gateway, which says why. */
const publicGitHosts = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

/**
 * The variables by which programs inside find the gateway as their proxy, and the certificates to trust. Most read the
 * generic ones; what else is here is for tools that do not. Empty in the mode `none`.
 *
 * There is no `ALL_PROXY`: the gateway carries http and https, and a program that takes it for more would only fail later.
 */
export function sandboxEnvironment(options: SandboxEnvironmentOptions): Readonly<Record<string, string>> {
  const { policy, origin, caBundle } = options;
  if (policy.mode === "none") return {};
  return {
    HTTP_PROXY: origin,
    http_proxy: origin,
    HTTPS_PROXY: origin,
    https_proxy: origin,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    // Node's own fetch and http, from 22.21 and 24.5 on.
    NODE_USE_ENV_PROXY: "1",
    // Yarn from version 2 on reads no generic variable.
    YARN_HTTP_PROXY: origin,
    YARN_HTTPS_PROXY: origin,
    // Else pip asks for a refused host five more times, ten seconds long.
    PIP_RETRIES: "1",
    ...(caBundle !== undefined && certificateVariables(caBundle)),
    ...gitVariables(gitHosts(policy)),
  };
}

function certificateVariables(caBundle: string): Record<string, string> {
  const names = [
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "AWS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
    "DENO_CERT",
    "YARN_HTTPS_CA_FILE_PATH",
  ];
  return Object.fromEntries(names.map((name) => [name, caBundle]));
}

/** The hosts whose repositories are asked for over https, each with the port that its rule names. */
function gitHosts({ allow = [], credentials = [] }: EgressPolicy): ReadonlyMap<string, string> {
  const hosts = new Map(publicGitHosts.map((host) => [host, host]));
  const rules = [...allow.filter(({ port }) => port !== 22 && port !== 80), ...credentials];
  for (const rule of rules) {
    const overTls = !("tls" in rule) || rule.tls !== false;
    if (!overTls || !/^[a-z0-9.-]+$/.test(rule.host)) continue;
    hosts.set(rule.host, rule.port === undefined || rule.port === 443 ? rule.host : `${rule.host}:${rule.port}`);
  }
  return hosts;
}

/**
 * `git@host:` and `ssh://git@host/` as https, the way that is open. By variables: they hold in every image, wherever its
 * git looks for a system's file, and no file of the image has to be changed. They add to what the user has configured.
 */
function gitVariables(hosts: ReadonlyMap<string, string>): Record<string, string> {
  const rules = [...hosts].flatMap(([name, address]) =>
    [`git@${name}:`, `ssh://git@${name}/`].map((ssh) => [`url.https://${address}/.insteadOf`, ssh] as const),
  );
  if (rules.length === 0) return {};
  const pairs = rules.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(rules.length), ...Object.fromEntries(pairs) };
}

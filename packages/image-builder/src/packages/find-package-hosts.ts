import { parseAptSources } from "../base/parse-apt-sources.ts";

/** What an image says about where packages come from. */
export interface PackageConfiguration {
  readonly env: Readonly<Record<string, string>>;
  /** Configuration files by their absolute paths. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of programs that are there, among {@link packageTools}. */
  readonly tools: ReadonlySet<string>;
}

/** The programs whose own default registries count where nothing else is configured. */
export const packageTools = ["npm", "pnpm", "bun", "yarn", "pip", "pip3", "python3", "uv"] as const;

/**
 * The hosts that npm, pip and apt of an image reach for packages, sorted: `name`, or `name:port` where the port is
 * neither 80 nor 443.
 */
export function findPackageHosts(configuration: PackageConfiguration): readonly string[] {
  const urls = [...npmRegistries(configuration), ...pipIndexes(configuration), ...aptMirrors(configuration)];
  return [...new Set(urls.flatMap(hostOf))].sort();
}

function npmRegistries({ env, files, tools }: PackageConfiguration): readonly string[] {
  const rc = [...files].flatMap(([path, text]) => (path.endsWith("npmrc") ? [text] : [])).join("\n");
  const named = [...rc.matchAll(/^\s*((?:@[^:=\s]+:)?registry)\s*=\s*["']?([^\s"']+)/gm)];
  const main = Object.entries(env).flatMap(([name, value]) => (/^npm_config_registry$/i.test(name) ? [value] : []));
  const isSet = main.length > 0 || named.some(([, key]) => key === "registry");
  const usual = ["npm", "pnpm", "bun"].some((tool) => tools.has(tool)) ? ["https://registry.npmjs.org/"] : [];
  // The classic Yarn's own default, which serves the same packages.
  if (tools.has("yarn")) usual.push("https://registry.yarnpkg.com/");
  return [...main, ...named.map(([, , url = ""]) => url), ...(isSet ? [] : usual)];
}

function pipIndexes({ env, files, tools }: PackageConfiguration): readonly string[] {
  const conf = [...files].flatMap(([path, text]) => (path.endsWith("pip.conf") ? [text] : [])).join("\n");
  // Indented lines continue a value.
  const named = [...conf.matchAll(/^(index-url|extra-index-url|find-links)\s*[=:]((?:.*)(?:\n[ \t]+.*)*)/gm)];
  const words = (text: string | undefined) => (text ?? "").split(/\s+/);
  const isSet = Boolean(env.PIP_INDEX_URL) || named.some(([, key]) => key === "index-url");
  const hasPip = ["pip", "pip3", "python3", "uv"].some((tool) => tools.has(tool));
  const usual = !isSet && hasPip ? ["https://pypi.org/", "https://files.pythonhosted.org/"] : [];
  const configured = named.flatMap(([, , value]) => words(value));
  return [...words(env.PIP_INDEX_URL), ...words(env.PIP_EXTRA_INDEX_URL), ...configured, ...usual];
}

function aptMirrors({ files }: PackageConfiguration): readonly string[] {
  return [...files].flatMap(([path, text]) =>
    parseAptSources(path, text).flatMap(({ uri }) => {
      // Images of cloud providers name a file that lists mirrors.
      const list = /^mirror\+file:(\/.*)$/.exec(uri)?.[1];
      return list === undefined ? [uri] : (files.get(list) ?? "").split(/\s+/);
    }),
  );
}

function hostOf(address: string): readonly string[] {
  const url = /^https?:\/\//.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  // An address that a variable completes (`${REGISTRY}`) names no known host.
  if (url === undefined || /[^a-z0-9.:[\]-]/.test(url.host)) return [];
  return [["80", "443"].includes(url.port) ? url.hostname : url.host];
}

import { join } from "node:path";
import { parse } from "ini";
import { Secret } from "../provider/secret.ts";
import type { PackageSourceOptions } from "./package-sources.ts";
import { readConfigFile } from "./read-config-file.ts";
import type { RegistriesFound } from "./registries-found.ts";
import { hostOf, parseRegistryUrl, type Registry, readingPaths } from "./registry.ts";

const defaultIndex = "https://pypi.org/simple/";
/** Where the default index has its files. */
const defaultFiles = "https://files.pythonhosted.org/";
const source = "your pip configuration";

/** The indexes of pip's user and global configuration, of the environment, and their logins. */
export async function readPipRegistries(options: PackageSourceOptions): Promise<RegistriesFound> {
  const warnings: string[] = [];
  const settings = await readSettings(options);
  const index = parseIndex(settings["index-url"], warnings);
  const extra = (settings["extra-index-url"] ?? "").split(/\s+/).flatMap((text) => parseIndex(text, warnings) ?? []);
  const isConfigured = index !== undefined && index.href !== defaultIndex;
  const registries = [
    ...(isConfigured ? [configured(index, warnings)] : [byDefault(defaultIndex), byDefault(defaultFiles)]),
    ...extra.map((url) => configured(url, warnings)),
  ];
  const plain = registries.filter(({ url }) => url.protocol === "http:");
  const extras = registries.slice(registries.length - extra.length).map(({ url }) => url.href);
  return {
    registries,
    env: {
      ...(isConfigured ? { PIP_INDEX_URL: registries[0]?.url.href ?? "" } : {}),
      ...(extras.length === 0 ? {} : { PIP_EXTRA_INDEX_URL: extras.join(" ") }),
      ...(plain.length === 0 ? {} : { PIP_TRUSTED_HOST: plain.map(({ url }) => url.host).join(" ") }),
    },
    warnings,
  };
}

function byDefault(address: string): Registry {
  return { url: new URL(address), source: "pip's default", paths: [] };
}

function parseIndex(text: string | undefined, warnings: string[]): URL | undefined {
  // A directory of this machine is no network's business; what is in it does not go inside.
  if (!text || /^(?:file:|[./~])/.test(text)) return undefined;
  const url = parseRegistryUrl(text);
  if (url === undefined) warnings.push("An index that your pip configuration names is not an http or https address");
  return url;
}

function configured(index: URL, warnings: string[]): Registry {
  const url = new URL(index);
  const [username, password] = [decoded(url.username), decoded(url.password)];
  url.username = "";
  url.password = "";
  const host = hostOf(url);
  if (username !== "" && password === "") {
    warnings.push(`The pip login for ${host} is a user without a password, and is not used`);
  }
  // Indexes keep their files beside the listing: /repository/pypi/packages beside /repository/pypi/simple.
  const paths = readingPaths(url.pathname.replace(/\+?simple\/$/, ""));
  const found = { url, source, paths };
  return password === ""
    ? found
    : { ...found, login: { scheme: "Basic", username, secret: new Secret(`pip login for ${host}`, password) } };
}

/** The files of the system, then the user's, then the environment; of a file, `[install]` before `[global]`. */
async function readSettings({
  env,
  homeDirectory,
  systemDir = "/etc",
}: PackageSourceOptions): Promise<Record<string, string>> {
  const named = env.PIP_CONFIG_FILE;
  const usual = [
    join(systemDir, "xdg/pip/pip.conf"),
    join(systemDir, "pip.conf"),
    join(homeDirectory, ".pip/pip.conf"),
    join(homeDirectory, "Library/Application Support/pip/pip.conf"),
    join(env.XDG_CONFIG_HOME || join(homeDirectory, ".config"), "pip/pip.conf"),
  ];
  const files = named === "/dev/null" ? [] : named ? [...usual, named] : usual;
  const sections: Record<"global" | "install", Record<string, string>> = { global: {}, install: {} };
  for (const path of files) {
    const parsed: Record<string, unknown> = parse(asIni((await readConfigFile(path)) ?? ""));
    for (const name of ["global", "install"] as const) Object.assign(sections[name], textsOf(parsed[name]));
  }
  return {
    ...sections.global,
    ...sections.install,
    ...(env.PIP_INDEX_URL ? { "index-url": env.PIP_INDEX_URL } : {}),
    ...(env.PIP_EXTRA_INDEX_URL ? { "extra-index-url": env.PIP_EXTRA_INDEX_URL } : {}),
  };
}

function textsOf(section: unknown): Record<string, string> {
  if (typeof section !== "object" || section === null) return {};
  const texts = Object.entries(section).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts.map(([key, value]) => [key.toLowerCase().replaceAll("_", "-"), value.trim()]));
}

/** Python's form has colons for equals signs, and values that continue in the next lines, which are indented. */
function asIni(text: string): string {
  return text.replace(/\r?\n[ \t]+(?=[^\s#;])/g, " ").replace(/^([\w-]+)[ \t]*:[ \t]*(?!\/)/gm, "$1 = ");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign of its own: it means itself.
  }
}

import { join } from "node:path";
import { parse } from "ini";
import { Secret } from "../provider/secret.ts";
import type { PackageSourceOptions } from "./package-sources.ts";
import { readConfigFile } from "./read-config-file.ts";
import type { RegistriesFound } from "./registries-found.ts";
import { hostOf, parseRegistryUrl, type Registry, type RegistryLogin, readingPaths } from "./registry.ts";

const defaultRegistry = "https://registry.npmjs.org/";
const source = "your npm configuration";

type Settings = Readonly<Record<string, string>>;

/** The registries of npm's user and global configuration, of the environment, and their logins. */
export async function readNpmRegistries(options: PackageSourceOptions): Promise<RegistriesFound> {
  const warnings: string[] = [];
  const settings = await readSettings(options, warnings);
  const main = parseRegistryUrl(settings.registry ?? defaultRegistry);
  if (main === undefined)
    warnings.push("The registry that your npm configuration names is not an http or https address");
  const isConfigured = main !== undefined && main.href !== defaultRegistry;
  const registries: Registry[] = [];
  const add = (url: URL, from: string): void => {
    const login = loginOf(url, settings, warnings);
    const found = { url: withoutUser(url), source: from, paths: npmPaths(url, settings) };
    registries.push(login === undefined ? found : { ...found, login });
  };
  if (main !== undefined) add(main, isConfigured ? source : "npm's default");
  for (const [key, value] of Object.entries(settings)) {
    const scope = /^(@[^:/]+):registry$/.exec(key)?.[1];
    const url = scope === undefined ? undefined : parseRegistryUrl(value);
    if (scope !== undefined && url !== undefined) add(url, `${source} (${scope})`);
  }
  if (settings._auth !== undefined || settings._authToken !== undefined) {
    warnings.push("A login of your npm configuration names no registry and is not used; write //HOST/:_authToken=…");
  }
  const env = isConfigured && main !== undefined ? { npm_config_registry: withoutUser(main).href } : {};
  return { registries, env, warnings };
}

/** The global files, then the user's, then the environment: later ones win. */
async function readSettings(options: PackageSourceOptions, warnings: string[]): Promise<Settings> {
  const { homeDirectory, systemDir = "/etc" } = options;
  const fromEnv = npmEnvironment(options.env);
  const prefix = fromEnv.prefix ?? options.nodePrefix ?? join(process.execPath, "..", "..");
  const globals =
    fromEnv.globalconfig === undefined ? [join(systemDir, "npmrc"), join(prefix, "etc/npmrc")] : [fromEnv.globalconfig];
  const settings: Record<string, string> = {};
  for (const path of [...globals, fromEnv.userconfig ?? join(homeDirectory, ".npmrc")]) {
    for (const [key, value] of Object.entries(parse((await readConfigFile(path)) ?? ""))) {
      if (typeof value === "string") settings[expand(key, options.env)] = expand(value, options.env);
    }
  }
  const own = { ...settings, ...fromEnv };
  const ambient = options.env.npm_config_registry;
  if (
    ambient &&
    fromEnv.registry === undefined &&
    parseRegistryUrl(ambient)?.href !== parseRegistryUrl(own.registry ?? defaultRegistry)?.href
  ) {
    warnings.push(
      "npm_config_registry is passed over: the package manager that started this command may have it from a project. " +
        "Set NPM_CONFIG_REGISTRY, or registry in ~/.npmrc",
    );
  }
  return own;
}

/**
 * npm's settings in the environment. A package manager hands a project's `.npmrc` down in lower case to what it starts, so
 * that what it started takes only names in upper case for the user's own.
 */
function npmEnvironment(
  env: PackageSourceOptions["env"],
): Settings & { prefix?: string; userconfig?: string; globalconfig?: string; registry?: string } {
  const isStartedByNpm = ["npm_execpath", "npm_command", "npm_lifecycle_event", "npm_config_user_agent"].some(
    (name) => env[name],
  );
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const key = /^npm_config_(.+)$/i.exec(name)?.[1];
    if (!value || key === undefined || (isStartedByNpm && !name.startsWith("NPM_CONFIG_"))) continue;
    settings[key.startsWith("//") ? key : key.toLowerCase().replaceAll("_", "-")] = value;
  }
  return settings;
}

/** npm's own way: the login of the registry's address, or of the nearest address above it. */
function loginOf(url: URL, settings: Settings, warnings: string[]): RegistryLogin | undefined {
  const host = hostOf(url);
  for (const place of placesAbove(url)) {
    const get = (key: string) => settings[`${place}:${key}`];
    const [token, pair, username, password] = [get("_authToken"), get("_auth"), get("username"), get("_password")];
    const value = token ?? pair ?? password;
    if (value === undefined) continue;
    const unset = /\$\{([^}]+)\}/.exec(value)?.[1];
    if (unset !== undefined) {
      warnings.push(`The npm login for ${host} is in the variable ${unset}, which is not set`);
      return undefined;
    }
    const login =
      token === undefined
        ? basicLogin(host, pair, username, password)
        : { scheme: "Bearer" as const, secret: new Secret(secretName(host), token) };
    if (login === undefined) warnings.push(`The npm login for ${host} cannot be read, and is not used`);
    return login;
  }
  return url.password === ""
    ? undefined
    : { scheme: "Basic", username: decoded(url.username), secret: new Secret(secretName(host), decoded(url.password)) };
}

function basicLogin(host: string, pair?: string, username?: string, password?: string): RegistryLogin | undefined {
  const plain = pair === undefined ? undefined : Buffer.from(pair, "base64").toString("utf8");
  const at = plain?.indexOf(":") ?? -1;
  const user = plain === undefined ? username : at < 0 ? undefined : plain.slice(0, at);
  const value = plain === undefined ? Buffer.from(password ?? "", "base64").toString("utf8") : plain.slice(at + 1);
  if (user === undefined) return undefined;
  return { scheme: "Basic", username: user, secret: new Secret(secretName(host), value) };
}

/** `//host/a/b/`, `//host/a/`, `//host/`: the addresses that a login may be written for, the nearest first. */
function placesAbove(url: URL): string[] {
  const parts = url.pathname.split("/").filter((part) => part !== "");
  const places: string[] = [];
  for (let length = parts.length; length >= 0; length -= 1) {
    places.push(`//${[url.host, ...parts.slice(0, length)].join("/")}/`);
  }
  return [...places, `//${url.host}`];
}

/** Packages are read, and known holes asked about. Places that have a login of their own may hold the tarballs. */
function npmPaths(url: URL, settings: Settings): Registry["paths"] {
  const others = Object.keys(settings).flatMap((key) => {
    const place = /^(\/\/.*):(?:_authToken|_auth|_password)$/.exec(key)?.[1];
    const other = place === undefined ? undefined : parseRegistryUrl(`${url.protocol}${place}`);
    return other?.host === url.host ? [other.pathname] : [];
  });
  // A login for the whole host is no registry: what else the host serves is not npm's.
  const below = [...new Set([url.pathname, ...others.filter((path) => path !== "/")])];
  return [...below.flatMap(readingPaths), { method: "POST", path: `${url.pathname}-/npm/v1/security/*` }];
}

function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  return plain;
}

function secretName(host: string): string {
  return `npm login for ${host}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign of its own: it means itself.
  }
}

/** `${NAME}` is the variable's value; `${NAME?}` is empty where it is not set. */
function expand(text: string, env: PackageSourceOptions["env"]): string {
  return text.replace(
    /\$\{([^${}?]+)(\?)?\}/g,
    (whole, name: string, optional?: string) => env[name] ?? (optional ? "" : whole),
  );
}

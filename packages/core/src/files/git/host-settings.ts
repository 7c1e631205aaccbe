import { homedir } from "node:os";
import { join } from "node:path";
import { readHostFile } from "../../host-files/read-host-file.ts";
import { hostGit } from "./host-git.ts";

/** The settings of git on this machine: the user's own, overridden by the repository's. */
export interface HostSettings {
  /** The last value of each, by its name with section and key in lower case. */
  readonly values: ReadonlyMap<string, string>;
  /** What the user's own configuration says alone. A repository must not choose a file of this machine. */
  readonly own: ReadonlyMap<string, string>;
}

const maxRulesBytes = 1024 * 1024;

/** Reads the settings that hold in a directory. Runs and follows nothing that they name but other configuration. */
export async function readHostSettings(directory: string, signal?: AbortSignal): Promise<HostSettings> {
  const read = async (...scope: string[]) => {
    const args = ["config", ...scope, "--includes", "--list", "-z"];
    const { exitCode, stdout } = await hostGit(args, { cwd: directory, ownConfig: true, signal });
    return exitCode === 0 ? parse(stdout.toString("utf8")) : new Map<string, string>();
  };
  const [values, own] = await Promise.all([read(), read("--global")]);
  return { values, own };
}

function parse(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const record of text.split("\0")) {
    const at = record.indexOf("\n");
    // A key without a value means true.
    if (record !== "") values.set(at < 0 ? record : record.slice(0, at), at < 0 ? "true" : record.slice(at + 1));
  }
  return values;
}

/** The name and address that commits inside are made with: the host user's own, or Glovebox's. */
export function identityOf({ values }: HostSettings): { readonly name: string; readonly email: string } {
  const plain = (key: string) => {
    const value = values.get(key) ?? "";
    return value !== "" && !/[\r\n\0]/.test(value) ? value : undefined;
  };
  return { name: plain("user.name") ?? "Glovebox", email: plain("user.email") ?? "glovebox@localhost" };
}

/** The address of `origin` without credentials; absent when there is none or it is a place on this machine. */
export function originOf({ values }: HostSettings): string | undefined {
  const origin = values.get("remote.origin.url");
  if (origin === undefined || /[\r\n\0]/.test(origin)) return undefined;
  if (/^[\w.-]+@[\w.-]+:(?!\/\/)\S+$/.test(origin)) return origin;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || !["https:", "http:", "ssh:", "git:"].includes(url.protocol)) return undefined;
  url.password = "";
  if (url.protocol !== "ssh:") url.username = "";
  url.search = "";
  url.hash = "";
  return url.href;
}

/** The user's own rules for every repository, of what is ignored or which attributes files have. */
export async function readOwnRules(settings: HostSettings, kind: "ignore" | "attributes"): Promise<Buffer | undefined> {
  const named = settings.own.get(kind === "ignore" ? "core.excludesfile" : "core.attributesfile");
  const path = named === undefined ? join(configDirectory(), "git", kind) : named.replace(/^~(?=\/)/, homedir());
  return readRules(path);
}

/** A file of rules that may not be there, and that a stranger may have shaped. */
export async function readRules(path: string, noFollow = false): Promise<Buffer | undefined> {
  const rules = await readHostFile(path, { maxBytes: maxRulesBytes, noFollow }).catch(() => undefined);
  return rules === undefined || rules.length === 0 ? undefined : rules;
}

function configDirectory(): string {
  return process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
}

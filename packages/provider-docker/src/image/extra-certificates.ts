import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { homedir, platform } from "node:os";
import { join } from "node:path";
import tls from "node:tls";

/** Certificates that this host trusts beyond the public ones. */
export interface ExtraCertificates {
  /** Where they were found: files and variables, for messages. */
  readonly sources: readonly string[];
  /** How many there are. */
  readonly count: number;
  /** Public and extra certificates in one PEM text, for tools that replace their store by it. */
  readonly bundle: string;
  /** The extra ones alone, in PEM. */
  readonly extra: string;
}

const variables = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "GIT_SSL_CAINFO",
  "PIP_CERT",
  "AWS_CA_BUNDLE",
  "npm_config_cafile",
  "NPM_CONFIG_CAFILE",
];

/** Where administrators put certificates of their own: Debian's folder and Fedora's. */
const ownFolders = ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors"];

/** The public certificates as Debian ships them: a system bundle that holds nothing else is no company's. */
const publicFolder = "/usr/share/ca-certificates/mozilla";

/**
 * Finds the certificates that this host trusts beyond the public ones, as behind a company's proxy: in the files that
 * the usual variables and npm's `cafile` name, in the administrators' folders, and in the system's store on macOS and
 * Windows. `undefined` when there is none. Files that cannot be read are passed over, as the tools do that use them.
 */
export async function extraCertificates(env: NodeJS.ProcessEnv = process.env): Promise<ExtraCertificates | undefined> {
  const known = new Set([...tls.rootCertificates, ...(await fromFolder(publicFolder))].map(bare));
  const extra = new Map<string, string>();
  const sources = new Set<string>();
  const add = (certificates: readonly string[], source: string): void => {
    for (const certificate of certificates) {
      const key = bare(certificate);
      if (known.has(key) || !isValid(certificate)) continue;
      extra.set(key, certificate);
      sources.add(source);
    }
  };
  for (const folder of ownFolders) add(await fromFolder(folder), folder);
  for (const name of variables) if (env[name]) add(await fromFile(env[name]), name);
  const npmrc = /^\s*cafile\s*=\s*"?([^"\n]+?)"?\s*$/m.exec(await text(join(env.HOME || homedir(), ".npmrc")));
  if (npmrc?.[1] !== undefined) add(await fromFile(npmrc[1]), "~/.npmrc cafile");
  add(systemStore(), "the system's store");
  if (extra.size === 0) return undefined;
  const joined = (certificates: Iterable<string>) => [...certificates].map((pem) => `${pem.trim()}\n`).join("");
  const own = joined(extra.values());
  return { sources: [...sources], count: extra.size, bundle: joined(tls.rootCertificates) + own, extra: own };
}

async function fromFolder(folder: string): Promise<readonly string[]> {
  // A folder that is missing holds none: most hosts have only one of them.
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => /\.(crt|pem)$/.test(name)).sort();
  return (await Promise.all(files.map((name) => fromFile(join(folder, name))))).flat();
}

async function fromFile(path: string): Promise<readonly string[]> {
  return (await text(path)).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

async function text(path: string): Promise<string> {
  return readFile(path, "latin1").catch(() => "");
}

function systemStore(): readonly string[] {
  // Only there is the store out of reach as a file. Node has the call from 22.15 on.
  if (platform() === "linux" || typeof tls.getCACertificates !== "function") return [];
  return tls.getCACertificates("system");
}

function isValid(pem: string): boolean {
  try {
    return Date.parse(new X509Certificate(pem).validTo) > Date.now();
  } catch {
    // Not a certificate after all; a broken block in a bundle is passed over by the tools, too.
    return false;
  }
}

function bare(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s+/g, "");
}

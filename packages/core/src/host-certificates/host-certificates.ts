import { X509Certificate } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { homedir, platform } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { readHostFileSync } from "../host-files/index.ts";
import type { HostEnvironment } from "../host-proxy/host-proxy.ts";

/** Certificates that this host trusts beyond the public ones. */
export interface HostCertificates {
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

const maxFileBytes = 16 * 1024 * 1024;

/** Where administrators put certificates of their own, on Debian and on Fedora. */
const ownDirectories = ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors"];

/** The public certificates as Debian ships them: a system bundle that holds nothing else is no company's. */
const publicDirectory = "/usr/share/ca-certificates/mozilla";

/**
 * Finds the certificates that this host trusts beyond the public ones, as behind a company's proxy: in the files that
 * the usual variables and npm's `cafile` name, in the administrators' directories, and in the system's store on macOS and
 * Windows. `undefined` when there is none. Files that cannot be read are passed over, as the tools do that use them.
 */
export function hostCertificates(env: HostEnvironment = process.env): HostCertificates | undefined {
  const extra = new Map<string, string>();
  const sources = new Set<string>();
  const add = (certificates: readonly string[], source: string): void => {
    for (const certificate of certificates) {
      if (!isValid(certificate)) continue;
      extra.set(bare(certificate), certificate);
      sources.add(source);
    }
  };
  for (const directory of ownDirectories) {
    for (const path of filesIn(directory)) add(beyondPublic(path), directory);
  }
  for (const name of variables) if (env[name]) add(beyondPublic(env[name]), name);
  const npmrc = /^\s*cafile\s*=\s*"?([^"\n]+?)"?\s*$/m.exec(text(join(env.HOME || homedir(), ".npmrc")));
  if (npmrc?.[1] !== undefined) add(beyondPublic(npmrc[1]), "~/.npmrc cafile");
  add(systemStore().filter(isBeyondPublic), "the system's store");
  if (extra.size === 0) return undefined;
  const joined = (certificates: Iterable<string>) => [...certificates].map((pem) => `${pem.trim()}\n`).join("");
  const own = joined(extra.values());
  return { sources: [...sources], count: extra.size, bundle: joined(tls.rootCertificates) + own, extra: own };
}

let publicPems: ReadonlySet<string> | undefined;

/** Read once: they change with the system and with Node.js, which a running process does not follow. */
function publicCertificates(): ReadonlySet<string> {
  publicPems ??= new Set([...tls.rootCertificates, ...filesIn(publicDirectory).flatMap(fromFile)].map(bare));
  return publicPems;
}

function isBeyondPublic(certificate: string): boolean {
  return !publicCertificates().has(bare(certificate));
}

interface FileRead {
  readonly stamp: string;
  readonly certificates: readonly string[];
}

const filesRead = new Map<string, FileRead>();

/**
 * The certificates of a file beyond the public ones. Remembered until the file changes: every sandbox asks, and a system's
 * bundle takes long to read.
 */
function beyondPublic(path: string): readonly string[] {
  const stamp = stampOf(path);
  const known = filesRead.get(path);
  if (stamp !== undefined && known?.stamp === stamp) return known.certificates;
  const certificates = fromFile(path).filter(isBeyondPublic);
  if (stamp !== undefined) filesRead.set(path, { stamp, certificates });
  return certificates;
}

/** Taken before the file is read: what changes meanwhile is read again. */
function stampOf(path: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return undefined;
  }
}

function filesIn(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).filter((name) => /\.(crt|pem)$/.test(name));
    return names.sort().map((name) => join(directory, name));
  } catch {
    // A directory that is missing holds none: most hosts have only one of them.
    return [];
  }
}

function fromFile(path: string): readonly string[] {
  return text(path).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

function text(path: string): string {
  try {
    return readHostFileSync(path, { maxBytes: maxFileBytes })?.toString("latin1") ?? "";
  } catch {
    // A stale path must not stop what works without it; where it was needed, the TLS error says so.
    return "";
  }
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

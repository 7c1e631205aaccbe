import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { supervisorPaths } from "../../supervisor-paths.ts";
import { openFile } from "../files/read-file.ts";
import { isPrivileged } from "../privilege.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";

const maxAddedBytes = 1024 * 1024;
const maxStoreBytes = 8 * 1024 * 1024;

/** Where systems keep what they trust in one file: Debian and Arch, Fedora before and since 2014, SUSE, Alpine. */
const systemStores = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
] as const;

/** Variables of an image's own that name a store: the sandbox's take their place, so that what they name is taken over. */
const storeVariables = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

const bundlePath = isPrivileged ? supervisorPaths.certificates : supervisorPaths.unprivilegedCertificates;

/**
 * Has the sandbox trust certificates (PEM) beside the public ones: in the bundle that variables name, and in the
 * system's own stores, for programs that read no variable; those are root's. What was added before stays.
 */
export function trustCertificates(pem: string): void {
  if (Buffer.byteLength(pem) > maxAddedBytes) {
    throw new SupervisorFailure("invalid-options", `The certificates are longer than ${maxAddedBytes} bytes.`);
  }
  const added = certificatesIn(pem);
  const stores = [...new Set(systemStores.flatMap((path) => ownStore(path) ?? []))];
  const system = stores.map(readStore).find((text) => text !== undefined) ?? publicCertificates();
  const named = storeVariables.flatMap((name) => ownStore(process.env[name] ?? "") ?? []);
  const bundle = readStore(bundlePath) ?? system;
  const own = named.flatMap((path) => certificatesIn(readStore(path) ?? ""));
  mkdirSync(dirname(bundlePath), { recursive: true });
  replace(bundlePath, extended(bundle, [...own, ...added]));
  if (!isPrivileged) return;
  if (stores.length === 0) {
    mkdirSync(dirname(systemStores[0]), { recursive: true });
    stores.push(systemStores[0]);
  }
  for (const store of stores) {
    try {
      replace(store, extended(readStore(store) ?? system, added));
    } catch {
      // A store on a file system that cannot be written: the variables name the bundle, which most programs read.
    }
  }
}

/** The file behind a store's name, where nobody but root can have put it there: what it is gets written by root. */
function ownStore(path: string): string | undefined {
  try {
    const file = realpathSync(path);
    return [dirname(path), dirname(file), file].every(isRoots) ? file : undefined;
  } catch {
    return undefined;
  }
}

function isRoots(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  return uid === 0 && (mode & 0o022) === 0;
}

function readStore(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > maxStoreBytes) return undefined;
  // Where it is the user's, another thing may lie there by now, which could make the supervisor wait.
  const file = openFile(path);
  try {
    return readFileSync(file, "latin1");
  } finally {
    closeSync(file);
  }
}

function certificatesIn(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

function publicCertificates(): string {
  // Loaded here and not with the file: the helpers, of which every file operation starts one, do without.
  return `${process.getBuiltinModule("node:tls").rootCertificates.join("\n")}\n`;
}

function extended(store: string, added: readonly string[]): string {
  const missing = [...new Set(added)].filter((certificate) => !store.includes(certificate));
  return missing.reduce((text, certificate) => `${text}${text.endsWith("\n") ? "" : "\n"}${certificate}\n`, store);
}

/** Puts a file in place in one step: a program may be reading it. */
function replace(path: string, text: string): void {
  const directory = dirname(path);
  const mode = lstatSync(directory).mode & 0o7777;
  // Fedora closes these directories to their owner, too, and root has no right here to pass over that.
  if ((mode & 0o200) === 0) chmodSync(directory, mode | 0o200);
  try {
    const next = `${path}.glovebox`;
    rmSync(next, { force: true });
    writeFileSync(next, text, { encoding: "latin1", flag: "wx", mode: 0o644 });
    renameSync(next, path);
  } finally {
    if ((mode & 0o200) === 0) chmodSync(directory, mode);
  }
}

import { join } from "node:path";
import { makeHostDirectorySync, readHostTextSync } from "@glovebox/core/host-files";
import { SandboxFileError } from "@glovebox/core/provider";
import { createOnceSync, replaceFileSync } from "@glovebox/core/state";
import ssh2 from "ssh2";

/** The name under which ssh knows the key of every sandbox: they all have this machine's. */
export const hostKeyAlias = "glovebox";

/** What proves to ssh that it speaks to this machine's own proxy. */
export interface HostKey {
  /** In OpenSSH's format. */
  readonly privateKey: string;
  /** The file that ssh compares it with. */
  readonly knownHostsFile: string;
}

/** The host key of a state directory, made on first use, and a known-hosts file that holds it. */
export function readHostKey(home: string): HostKey {
  const directory = join(home, "ssh");
  const [file, knownHostsFile] = [join(directory, "host_key"), join(directory, "known_hosts")];
  makeHostDirectorySync(directory, 0o700);
  const privateKey = readHostTextSync(file) ?? create(file);
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) {
    throw new SandboxFileError(`${file} does not hold a host key`, { hint: "Remove the file to get a new one." });
  }
  const line = `${hostKeyAlias} ${key.type} ${key.getPublicSSH().toString("base64")}\n`;
  if (readHostTextSync(knownHostsFile) !== line) replaceFileSync(knownHostsFile, line);
  return { privateKey, knownHostsFile };
}

/** Where two processes make one at the same time, the first one's stays. */
function create(file: string): string {
  createOnceSync(file, ssh2.utils.generateKeyPairSync("ed25519").private);
  return readHostTextSync(file) ?? "";
}

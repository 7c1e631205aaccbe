import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { safeName } from "@glovebox/core/text";

export interface LoginAnnouncement {
  /** The text of a one-time link, and the address of the server for its users. */
  readonly text: string;
  readonly url: string;
  readonly stateDir: string;
  readonly stdout: Writable & { readonly isTTY?: boolean };
}

/**
 * Shows the one-time link of the first start to the user at the terminal. Without one, standard output may end in a log that others
 * read: then the link is written to a file that only the server's user can read, and its name is printed.
 */
export async function announceLogin({ text, url, stateDir, stdout }: LoginAnnouncement): Promise<void> {
  const link = `${url}/login#${text}`;
  if (stdout.isTTY === true) {
    stdout.write(`# Open this link within an hour. It works once:\n${link}\n`);
    return;
  }
  const file = join(stateDir, "login-link");
  // A file that exists keeps its mode: it is replaced.
  await rm(file, { force: true });
  await writeFile(file, `${link}\n`, { mode: 0o600, flag: "wx" });
  stdout.write(`# The link for the first login, which works once within an hour, is in ${safeName(file)}\n`);
}

import { existsSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { readSessionConversation, type SessionFile } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { checkWritePlace, makeHostDirectory } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxFileError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";

export interface WriteHostSessionOptions {
  readonly harness: Harness;
  /** In which the conversation is to be continued. */
  readonly directory: string;
  readonly json: boolean | undefined;
  readonly terminal: Terminal;
}

/** Adds a conversation to those of the harness's own program on this host, and prints how to continue it. Replaces nothing. */
export async function writeHostSession(session: SessionFile, options: WriteHostSessionOptions): Promise<number> {
  const { harness, directory, json, terminal } = options;
  const { env, stdout, stderr } = terminal;
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidOptionsError(`--to-host: ${directory} is not a directory`);
  }
  const workspace = realpathSync(directory);
  const { conversation, host } = await readSessionConversation(session, harness);
  const place = checkWritePlace(host.directory({ workspace, home: env.HOME || homedir(), env }));
  const own = session.manifest.session.id;
  const sessionId = existsSync(join(place, host.file(own))) ? host.newId() : own;
  const path = join(place, host.file(sessionId));
  const content = host.translate(conversation.toString("utf8"), { workspace, sessionId });
  await makeHostDirectory(place, 0o700);
  try {
    writeFileSync(path, content, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new SandboxFileError(`${path} cannot be written: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
  const command = host.command(sessionId);
  if (json) {
    stdout.json({ path, sessionId, workspace, command });
    return 0;
  }
  stderr.line(`The conversation is in ${safeName(path)}`);
  stderr.line("The files are not there: import the session without --to-host, then use `glovebox apply`");
  stderr.line("warning: On the host the agent is not in a sandbox: continue it only if you trust whoever exported it");
  stdout.line(`cd ${quoted(workspace)} && ${command.join(" ")}`);
  return 0;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

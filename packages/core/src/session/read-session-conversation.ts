import { InvalidOptionsError } from "../errors/index.ts";
import type { Harness } from "../harness/harness.ts";
import type { HostSessions } from "../harness/host-sessions.ts";
import type { SessionFile } from "./read-session-file.ts";
import { damagedSession } from "./session-manifest.ts";

/**
 * Reads a session file to its end, and returns the conversation as the harness's program on this host may have it. Throws
 * `invalid-options` for a harness that cannot continue one there.
 */
export async function readSessionConversation(
  session: SessionFile,
  harness: Harness,
): Promise<{ readonly conversation: Buffer; readonly host: HostSessions }> {
  const { manifest } = session;
  const host = harness.sessions?.onHost;
  if (manifest.harness.id !== harness.id || host === undefined) {
    throw new InvalidOptionsError(`${harness.id} cannot continue this conversation on the host`);
  }
  const wanted = host.file(manifest.session.id);
  const pieces: Buffer[] = [];
  let isWanted = false;
  // To the end: a file that is wrong anywhere is refused.
  for await (const piece of session.pieces()) {
    if ("content" in piece) {
      if (isWanted) pieces.push(piece.content);
    } else isWanted = piece.place === "conversation" && piece.path === wanted;
  }
  if (pieces.length === 0) throw damagedSession("its conversation is missing");
  return { conversation: Buffer.concat(pieces), host };
}

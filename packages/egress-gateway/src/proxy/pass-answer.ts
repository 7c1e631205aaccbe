import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CredentialRule } from "@glovebox/core/provider";
import { redactStream } from "../redact-stream.ts";
import { headersBack, secretsOf } from "./proxy-headers.ts";

/** Passes a host's answer on, without the credential of its host. Resolves with its status once it is through. */
export async function passAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  credential: CredentialRule | undefined,
  count: (bytes: number) => void,
): Promise<number> {
  const status = answer.statusCode ?? 502;
  // A host can repeat what it was sent in its status line, too.
  const phrase = credential === undefined ? answer.statusMessage : STATUS_CODES[status];
  response.writeHead(status, phrase ?? "", headersBack(answer.rawHeaders, credential));
  response.flushHeaders();
  await pipeline([answer, ...redactStreams(credential), countBytes(count), response]);
  return status;
}

/** Takes every form of a rule's credential out of a stream. */
export function redactStreams(credential: CredentialRule | undefined): Transform[] {
  return credential === undefined ? [] : secretsOf(credential).map(redactStream);
}

/** Lets everything pass, and tells the size of each chunk. */
export function countBytes(count: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count(chunk.length);
      done(null, chunk);
    },
  });
}

import { jsonObject } from "../json-object.ts";

/** The most of one message that is held to be read. AWS sends at most 24 MiB, of which an event of a model is a fraction. */
const maxMessageBytes = 16 * 1024 * 1024;
/** The lengths of the message and of its headers, and a checksum of both. */
const preludeBytes = 12;
const checksumBytes = 4;

/**
 * Reads the events of a model out of a stream as AWS frames it (`application/vnd.amazon.eventstream`): each message has an event as
 * base64 in JSON. Checksums are left to the client. Source: https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export class EventFrames {
  readonly #onEvent: (text: string) => void;
  #pending = Buffer.alloc(0);

  constructor(onEvent: (text: string) => void) {
    this.#onEvent = onEvent;
  }

  /** False when a message is no message or too long: nothing that follows can be read. */
  push(chunk: Uint8Array): boolean {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= preludeBytes) {
      const length = this.#pending.readUInt32BE(0);
      const start = preludeBytes + this.#pending.readUInt32BE(4);
      if (length > maxMessageBytes || start + checksumBytes > length) return false;
      if (this.#pending.length < length) return true;
      this.#read(this.#pending.subarray(start, length - checksumBytes));
      this.#pending = this.#pending.subarray(length);
    }
    return true;
  }

  #read(payload: Buffer): void {
    try {
      const { bytes } = jsonObject(JSON.parse(payload.toString("utf8")));
      if (typeof bytes === "string") this.#onEvent(Buffer.from(bytes, "base64").toString("utf8"));
    } catch {
      // What is no JSON says nothing about its use.
    }
  }
}

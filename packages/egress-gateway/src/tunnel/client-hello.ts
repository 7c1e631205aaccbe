/** What the first bytes of a connection are. `more` when they do not tell yet. */
export type FirstBytes =
  | { readonly kind: "more" }
  | { readonly kind: "tls"; readonly serverName: string | undefined }
  | { readonly kind: "other" }
  | { readonly kind: "broken" };

/** A hello with many key shares and tickets stays far below this; what is longer is an attempt to fill memory. */
const maxHelloBytes = 64 * 1024;
/** Clients that cut their hello up at all stay at a few; thousands are an attempt to cost time. */
const maxHelloRecords = 4096;
const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;

/** Reads the server name that a TLS client asks for, from its hello, without taking part in the handshake. */
export function readFirstBytes(bytes: Buffer): FirstBytes {
  if (bytes.length > 0 && bytes[0] !== handshakeRecord) return { kind: "other" };
  if (bytes.length < 3) return { kind: "more" };
  if (bytes[1] !== 3) return { kind: "other" };
  try {
    const message = handshakeMessage(bytes);
    if (message !== undefined) return { kind: "tls", serverName: serverName(message) };
    return bytes.length > maxHelloBytes ? { kind: "broken" } : { kind: "more" };
  } catch (error) {
    if (error instanceof RangeError) return { kind: "broken" };
    throw error;
  }
}

/** The body of the hello, put together from as many records as it came in; undefined while it is not whole. */
function handshakeMessage(bytes: Buffer): Reader | undefined {
  const parts: Buffer[] = [];
  let size = 0;
  let end: number | undefined;
  for (let at = 0; at + 5 <= bytes.length && (end === undefined || size < end); ) {
    if (bytes[at] !== handshakeRecord) throw new RangeError("another record inside the hello");
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > 16_384 + 256) throw new RangeError("a record of an impossible length");
    if (parts.length === maxHelloRecords) throw new RangeError("a hello in too many records");
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    size += part.length;
    at += 5 + length;
    if (end === undefined && size >= 4) end = 4 + helloLength(Buffer.concat(parts));
  }
  return end === undefined || size < end ? undefined : new Reader(Buffer.concat(parts).subarray(4, end));
}

function helloLength(message: Buffer): number {
  if (message[0] !== clientHello) throw new RangeError("not a hello");
  const length = message.readUIntBE(1, 3);
  if (length > maxHelloBytes) throw new RangeError("a hello too long");
  return length;
}

function serverName(hello: Reader): string | undefined {
  hello.take(2 + 32); // version, random
  hello.vector(1); // session
  hello.vector(2); // ciphers
  hello.vector(1); // compression
  if (hello.done) return undefined;
  const extensions = hello.vector(2);
  let name: string | undefined;
  while (!extensions.done) {
    const type = extensions.number(2);
    const body = extensions.vector(2);
    if (type !== serverNameExtension) continue;
    // Two names could be read as either.
    if (name !== undefined) throw new RangeError("two server names");
    const list = body.vector(2);
    if (list.number(1) !== 0) throw new RangeError("a server name of an unknown kind");
    name = list.vector(2).rest().toString("latin1");
    if (!list.done || name === "") throw new RangeError("two server names, or an empty one");
  }
  return name;
}

/** Reads numbers and vectors off the front; past the end it throws a RangeError. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("the hello ends early");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  number(length: number): number {
    return this.take(length).readUIntBE(0, length);
  }

  vector(lengthBytes: number): Reader {
    return new Reader(this.take(this.number(lengthBytes)));
  }

  rest(): Buffer {
    return this.take(this.#bytes.length - this.#at);
  }
}

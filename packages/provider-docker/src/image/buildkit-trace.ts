/** One step of a BuildKit build, as far as it is read. */
export interface BuildKitVertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started: boolean;
  readonly completed: boolean;
  readonly error: string;
}

export interface BuildKitLog {
  readonly vertex: string;
  readonly text: string;
}

export interface BuildKitTrace {
  readonly vertexes: readonly BuildKitVertex[];
  readonly logs: readonly BuildKitLog[];
}

/**
 * Decodes the `moby.buildkit.trace` records of `/build?version=2`: protobuf, `moby.buildkit.v1.StatusResponse`
 * (https://github.com/moby/buildkit/blob/master/api/services/control/control.proto). Fields that are not read are
 * passed over. Throws a `RangeError` on a record that ends early.
 */
export function decodeBuildKitTrace(base64: string): BuildKitTrace {
  const vertexes: BuildKitVertex[] = [];
  const logs: BuildKitLog[] = [];
  for (const [field, value] of fields(Buffer.from(base64, "base64"))) {
    if (!Buffer.isBuffer(value)) continue;
    if (field === 1) vertexes.push(vertex(value));
    if (field === 3) logs.push(log(value));
  }
  return { vertexes, logs };
}

function vertex(bytes: Buffer): BuildKitVertex {
  const found = new Map<number, Buffer | number>(fields(bytes));
  return {
    digest: text(found.get(1)),
    name: text(found.get(3)),
    cached: found.get(4) === 1,
    started: found.has(5),
    completed: found.has(6),
    error: text(found.get(7)),
  };
}

function log(bytes: Buffer): BuildKitLog {
  const found = new Map<number, Buffer | number>(fields(bytes));
  return { vertex: text(found.get(1)), text: text(found.get(4)) };
}

function text(value: Buffer | number | undefined): string {
  return Buffer.isBuffer(value) ? value.toString("utf8") : "";
}

function* fields(bytes: Buffer): Generator<[number, Buffer | number]> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("the trace record ends inside a number");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError("the trace record ends inside a field");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8;
    const field = Math.floor(key / 8);
    if (wire === 0) yield [field, varint()];
    else if (wire === 1) take(8);
    else if (wire === 2) yield [field, take(varint())];
    else if (wire === 5) take(4);
    else throw new RangeError(`the trace record holds an unknown wire type ${wire}`);
  }
}

/** The bytes behind their length in four bytes, big endian. */
export function lengthPrefixed(bytes: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(4 + bytes.byteLength);
  framed.writeUInt32BE(bytes.byteLength, 0);
  framed.set(bytes, 4);
  return framed;
}

/** The header alone, for bytes that are sent behind it without a copy. */
export function lengthPrefix(byteLength: number): Buffer {
  const header = Buffer.allocUnsafe(4);
  header.writeUInt32BE(byteLength, 0);
  return header;
}

const [quote, comma, colon, bracket, brace, backslash] = Buffer.from('",:[{\\');

/** Whether JSON holds more than `most` values, as far as can be counted without parsing it. */
export function holdsMoreValues(body: Buffer, most: number): boolean {
  return count(body, (byte) => byte === comma || byte === bracket || byte === brace, most) > most;
}

/** Whether an object of this JSON, which was parsed to `value`, names a field twice: parsers disagree on which one holds. */
export function namesTwice(body: Buffer, value: unknown): boolean {
  let fields = 0;
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const one = rest.pop();
    if (typeof one !== "object" || one === null) continue;
    const inner = Object.values(one);
    if (!Array.isArray(one)) fields += inner.length;
    for (const each of inner) rest.push(each);
  }
  return count(body, (byte) => byte === colon) !== fields;
}

/** Counts the bytes outside texts that `matches`, up to one more than `most`. */
function count(body: Buffer, matches: (byte: number | undefined) => boolean, most = Number.POSITIVE_INFINITY): number {
  let found = 0;
  let isText = false;
  for (let at = 0; at < body.length && found <= most; at += 1) {
    const byte = body[at];
    if (isText && byte === backslash) at += 1;
    else if (byte === quote) isText = !isText;
    else if (!isText && matches(byte)) found += 1;
  }
  return found;
}

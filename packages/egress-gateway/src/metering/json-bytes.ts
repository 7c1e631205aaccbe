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
  for (let at = 0; at < body.length && found <= most; at += 1) {
    const byte = body[at];
    if (byte === quote) at = endOfText(body, at);
    else if (matches(byte)) found += 1;
  }
  return found;
}

/** Where the text that begins at this quote has its other one: most of a request is text, which is searched natively. */
function endOfText(body: Buffer, start: number): number {
  for (let end = body.indexOf('"', start + 1); end >= 0; end = body.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (body[end - 1 - backslashes] === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return body.length;
}

export interface AnsiSpan {
  readonly text: string;
  /** Names of classes: `ansi-1` is red, `ansi-bold`. */
  readonly classes: string;
}

interface Style {
  color: number | undefined;
  isBold: boolean;
  isFaint: boolean;
  isUnderlined: boolean;
}

const escapeCode = String.fromCharCode(0x1b);
const colours = new RegExp(`${escapeCode}\\[([\\d;]*)m`, "g");

/**
 * Splits text at the sequences that set colours and weights. Every other control stays in the text: whoever shows a span makes
 * it plain.
 */
export function ansiSpans(text: string): readonly AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  const style: Style = { color: undefined, isBold: false, isFaint: false, isUnderlined: false };
  let at = 0;
  for (const match of text.matchAll(colours)) {
    if (match.index > at) spans.push({ text: text.slice(at, match.index), classes: classesOf(style) });
    apply(style, match[1] ?? "");
    at = match.index + match[0].length;
  }
  if (at < text.length) spans.push({ text: text.slice(at), classes: classesOf(style) });
  return spans;
}

function apply(style: Style, parameters: string): void {
  const codes = parameters.split(";").map(Number);
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    // A colour of the palette or of 24 bits is not shown; its parameters are no codes.
    if (code === 38 || code === 48) index += codes[index + 1] === 5 ? 2 : 4;
    else applyCode(style, code);
  }
}

function applyCode(style: Style, code: number): void {
  if (code === 0) Object.assign(style, { color: undefined, isBold: false, isFaint: false, isUnderlined: false });
  else if (code === 1) style.isBold = true;
  else if (code === 2) style.isFaint = true;
  else if (code === 4) style.isUnderlined = true;
  else if (code === 22) Object.assign(style, { isBold: false, isFaint: false });
  else if (code === 24) style.isUnderlined = false;
  else if (code === 39) style.color = undefined;
  else if (code >= 30 && code <= 37) style.color = code - 30;
  else if (code >= 90 && code <= 97) style.color = code - 90;
}

function classesOf({ color, isBold, isFaint, isUnderlined }: Style): string {
  return [
    color === undefined ? "" : `ansi-${color}`,
    isBold ? "ansi-bold" : "",
    isFaint ? "ansi-faint" : "",
    isUnderlined ? "ansi-underline" : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** How a piece of text looks on a terminal. Colors are CSS colors. */
export interface TextStyle {
  readonly color?: string;
  readonly background?: string;
  readonly isBold?: boolean;
  readonly isDim?: boolean;
  readonly isItalic?: boolean;
  readonly isUnderlined?: boolean;
}

/** Text of one style, from a column of a line on. */
export interface TextSpan extends TextStyle {
  readonly column: number;
  readonly text: string;
}

const palette = [
  ...["#3b4252", "#f07178", "#a6da95", "#f5c26b", "#82aaff", "#c792ea", "#80cbc4", "#d8dee9"],
  ...["#7b88a1", "#ff8b92", "#b9e8a9", "#ffd580", "#9cc4ff", "#ddb0ff", "#9fe0d8", "#ffffff"],
];
const channels = ["00", "5f", "87", "af", "d7", "ff"];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences.
const sequence = /\u001b\[([\d;:]*)m/u;

/** Reads lines with the color sequences that tmux captures. */
export function readTerminalText(text: string): readonly (readonly TextSpan[])[] {
  let style: TextStyle = {};
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const spans: TextSpan[] = [];
      let column = 0;
      for (const [index, part] of line.split(sequence).entries()) {
        if (index % 2 === 1) {
          style = changeStyle(style, part.split(/[;:]/u).map(Number));
        } else if (part !== "") {
          spans.push({ ...style, column, text: part });
          column += [...part].length;
        }
      }
      return spans;
    });
}

function changeStyle(before: TextStyle, codes: readonly number[]): TextStyle {
  const [code = 0, ...rest] = codes;
  if (code === 38 || code === 48) {
    const { color, used } = extendedColor(rest);
    const changed = code === 38 ? { ...before, color } : { ...before, background: color };
    return rest.length > used ? changeStyle(changed, rest.slice(used)) : changed;
  }
  const changed = applyCode(before, code);
  return rest.length > 0 ? changeStyle(changed, rest) : changed;
}

function applyCode(before: TextStyle, code: number): TextStyle {
  if (code === 0) return {};
  if (code === 1) return { ...before, isBold: true };
  if (code === 2) return { ...before, isDim: true };
  if (code === 3) return { ...before, isItalic: true };
  if (code === 4) return { ...before, isUnderlined: true };
  if (code === 7) return { ...before, color: "#11161d", background: before.color ?? "#d8dee9" };
  if (code >= 30 && code <= 37) return { ...before, color: paletteColor(code - 30) };
  if (code >= 90 && code <= 97) return { ...before, color: paletteColor(code - 82) };
  if (code >= 40 && code <= 47) return { ...before, background: paletteColor(code - 40) };
  const { color, background, ...marks } = before;
  if (code === 39) return background === undefined ? marks : { ...marks, background };
  if (code === 49) return color === undefined ? marks : { ...marks, color };
  return before;
}

function extendedColor([kind, ...values]: readonly number[]): { readonly color: string; readonly used: number } {
  if (kind === 2) return { color: `rgb(${values.slice(0, 3).join(" ")})`, used: 4 };
  return { color: paletteColor(values[0] ?? 0), used: 2 };
}

function paletteColor(index: number): string {
  if (index < 16) return palette[index] ?? "#d8dee9";
  if (index >= 232) return `rgb(${[1, 1, 1].map(() => 8 + (index - 232) * 10).join(" ")})`;
  const cube = index - 16;
  return `#${[Math.trunc(cube / 36), Math.trunc(cube / 6) % 6, cube % 6].map((level) => channels[level]).join("")}`;
}

import type { TextSpan } from "./terminal-text.ts";

const cell = { width: 8.4, height: 19, size: 14 };
const frame = { top: 40, side: 18, bottom: 18 };
const font = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Draws lines of a terminal as an SVG: a window with a title, which needs no font and no script of its own. */
export function renderScreen(
  lines: readonly (readonly TextSpan[])[],
  { title, columns }: { readonly title: string; readonly columns: number },
): string {
  const width = Math.ceil(columns * cell.width) + 2 * frame.side;
  const height = frame.top + lines.length * cell.height + frame.bottom;
  return [
    // words:allow box: an attribute of SVG
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#11161d"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (color, index) => `<circle cx="${18 + index * 18}" cy="18" r="5.5" fill="${color}"/>`,
    ),
    `<g font-family="${font}" font-size="${cell.size}" fill="#d8dee9">`,
    `<text x="${width / 2}" y="22" text-anchor="middle" font-size="12" fill="#7b88a1">${escapeText(title)}</text>`,
    ...lines.flatMap((spans, row) => spans.flatMap((span) => renderSpan(span, frame.top + row * cell.height))),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function renderSpan(span: TextSpan, top: number): readonly string[] {
  const left = (column: number) => round(frame.side + column * cell.width);
  const extent = (text: string) => round([...text].length * cell.width);
  const background =
    span.background === undefined
      ? []
      : [
          `<rect x="${left(span.column)}" y="${top}" width="${extent(span.text)}" height="${cell.height}" fill="${span.background}"/>`,
        ];
  const text = span.text.trim();
  if (text === "") return background;
  const x = left(span.column + span.text.length - span.text.trimStart().length);
  const marks = [
    span.color === undefined ? "" : ` fill="${span.color}"`,
    span.isBold ? ' font-weight="bold"' : "",
    span.isDim ? ' opacity="0.65"' : "",
    span.isItalic ? ' font-style="italic"' : "",
    span.isUnderlined ? ' text-decoration="underline"' : "",
  ].join("");
  // With its length given, text keeps to its columns in any font; its spaces would be collapsed.
  const length = ` textLength="${extent(text)}" lengthAdjust="spacingAndGlyphs"`;
  return [
    ...background,
    `<text x="${x}" y="${top + 14}"${length}${marks}>${escapeText(text).replaceAll(" ", "\u00a0")}</text>`,
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

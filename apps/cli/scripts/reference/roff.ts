import { plainText } from "@glovebox/core/text";

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\(rs",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
  '"': "\\(dq",
};

/** A text as roff prints it, letter by letter; what stands between backticks is bold. Line ends stay. */
export function roff(text: string): string {
  return plainText(text)
    .split(/`([^`\n]+)`/)
    .map((part, index) => (index % 2 === 1 ? `\\fB${literal(part)}\\fR` : literal(part)))
    .join("")
    .replaceAll(/^(?=\.)/gm, "\\&");
}

function literal(text: string): string {
  return [...text].map((letter) => escapes[letter] ?? (/[\n\x20-\x7e]/.test(letter) ? letter : named(letter))).join("");
}

function named(letter: string): string {
  return `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
}

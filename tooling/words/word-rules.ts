/** A phrase or a name that the glossary refuses, and what to say instead. */
export interface WordRule {
  readonly refused: string;
  readonly say: string;
  /** One set of accepted words for each word of the phrase. */
  readonly words: readonly (readonly string[])[];
  /** Phrases that contain the refused one and are fine. */
  readonly fine: readonly (readonly (readonly string[])[])[];
  /** A name is refused as a whole identifier in code; a phrase anywhere. */
  readonly kind: "phrase" | "name";
}

/** Reads the rules from the tables below `## Say / don't say` and `## Names to avoid` in docs/glossary.md. */
export function wordRules(glossary: string): readonly WordRule[] {
  const rules = [...table(glossary, "Say / don't say", "phrase"), ...table(glossary, "Names to avoid", "name")];
  if (rules.length === 0) {
    throw new Error("docs/glossary.md has no table of words to avoid");
  }
  return rules;
}

function table(glossary: string, heading: string, kind: WordRule["kind"]): WordRule[] {
  const section = glossary.split(/^## /mu).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => {
      const [, refused = "", say = "", fine = ""] = line.split("|").map((cell) => cell.trim());
      return quoted(refused).map((phrase) => ({
        refused: phrase,
        say: say.replaceAll("`", ""),
        words: kind === "phrase" ? pattern(phrase) : [[phrase]],
        fine: quoted(fine).map(pattern),
        kind,
      }));
    });
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/gu)].map(([, phrase = ""]) => phrase);
}

/** `is/are told` accepts "is told" and "are told". */
function pattern(phrase: string): string[][] {
  return phrase.split(" ").map((word) => word.split("/"));
}

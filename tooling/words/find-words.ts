import type { WordRule } from "./word-rules.ts";

export interface FoundWord {
  readonly line: number;
  readonly rule: WordRule;
}

interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const wordParts = /[A-Z]+(?![a-z'])|[A-Z]?[a-z]+(?:'[a-z]+)?/gu;
/** What may stand between two words of a phrase: space, a line break with a comment's leader, the seams of a name. */
const seam = /^(?:[ _-]?|\s*(?:\n\s*(?:\/\/|\*|#|>)?\s*)?)$/u;
const allowance = /words:allow ([\w' -]+): \S/gu;

/** Finds the refused phrases and names in a text. An identifier counts as the words that it is made of. */
export function findWords(
  text: string,
  rules: readonly WordRule[],
  options: { readonly isCode: boolean },
): FoundWord[] {
  const code = options.isCode ? withoutTexts(text) : "";
  const found = [
    ...phrases(
      text,
      rules.filter(({ kind }) => kind === "phrase"),
    ),
    ...names(
      code,
      rules.filter(({ kind }) => kind === "name"),
    ),
  ];
  const allowed = allowances(text);
  return found
    .map(({ at, rule }) => ({ line: lineOf(text, at), rule }))
    .filter(({ line, rule }) => !allowed.get(line)?.has(rule.refused.toLowerCase()))
    .sort((a, b) => a.line - b.line);
}

function phrases(text: string, rules: readonly WordRule[]): { at: number; rule: WordRule }[] {
  const tokens = [...text.matchAll(wordParts)].map(
    ({ 0: word, index }): Token => ({ word: word.toLowerCase(), start: index, end: index + word.length }),
  );
  const byFirst = new Map<string, WordRule[]>();
  for (const rule of rules) {
    for (const first of rule.words[0] ?? []) {
      byFirst.set(first, [...(byFirst.get(first) ?? []), rule]);
    }
  }
  return tokens.flatMap(({ word, start }, index) =>
    (byFirst.get(word) ?? [])
      .filter((rule) => matches(text, tokens, index, rule.words) && !isFine(text, tokens, index, rule))
      .map((rule) => ({ at: start, rule })),
  );
}

function matches(text: string, tokens: readonly Token[], index: number, words: WordRule["words"]): boolean {
  return words.every((accepted, offset) => {
    const token = tokens[index + offset];
    const before = tokens[index + offset - 1];
    return (
      token !== undefined &&
      accepted.includes(token.word) &&
      (offset === 0 || before === undefined || seam.test(text.slice(before.end, token.start)))
    );
  });
}

function isFine(text: string, tokens: readonly Token[], index: number, rule: WordRule): boolean {
  return rule.fine.some((words) =>
    words.some((_, offset) => index >= offset && matches(text, tokens, index - offset, words)),
  );
}

function names(code: string, rules: readonly WordRule[]): { at: number; rule: WordRule }[] {
  const byName = new Map(rules.map((rule) => [rule.refused, rule]));
  return [...code.matchAll(/[A-Za-z_$][\w$]*/gu)].flatMap(({ 0: name, index }) => {
    const rule = byName.get(name);
    return rule === undefined ? [] : [{ at: index, rule }];
  });
}

/** Blanks comments, strings and regular expressions, so that what is left are names. Offsets stay. */
function withoutTexts(code: string): string {
  const texts =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<=[(,=:[!&|?]\s*)\/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n])+\/|[`{}]/gu;
  // One entry for each template that is open, with the depth of the braces in its current expression.
  const depths: number[] = [];
  let kept = "";
  let at = 0;
  for (let match = texts.exec(code); match !== null; match = texts.exec(code)) {
    const [text] = match;
    kept += code.slice(at, match.index);
    at = match.index + text.length;
    const depth = depths.at(-1);
    if (text === "`" || (text === "}" && depth === 0)) {
      if (text === "}") {
        depths.pop();
      }
      at = templateEnd(code, at);
      if (code[at - 1] === "{") {
        depths.push(0);
      }
      texts.lastIndex = at;
    } else if (depth !== undefined && (text === "{" || text === "}")) {
      depths[depths.length - 1] = depth + (text === "{" ? 1 : -1);
    }
    kept += blank(code.slice(match.index, at));
  }
  return kept + code.slice(at);
}

/** Where the text of a template ends that begins at `from`: after its backtick or after the `${` of an expression. */
function templateEnd(code: string, from: number): number {
  const end = /(?:\\[\s\S]|\$(?!\{)|[^\\$`])*(?:`|\$\{|$)/uy;
  end.lastIndex = from;
  return from + (end.exec(code)?.[0].length ?? code.length);
}

function blank(text: string): string {
  return text.replace(/[^\n]/gu, " ");
}

/** `words:allow door: E2B's own name` holds for its line and the next one. */
function allowances(text: string): Map<number, Set<string>> {
  const allowed = new Map<number, Set<string>>();
  for (const { 1: phrase = "", index } of text.matchAll(allowance)) {
    const line = lineOf(text, index);
    for (const reached of [line, line + 1]) {
      allowed.set(reached, (allowed.get(reached) ?? new Set()).add(phrase.toLowerCase()));
    }
  }
  return allowed;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
  }
  return line;
}

import { SandboxError } from "../errors/index.ts";
import type { SecretFinding, SecretScanner } from "./secret-scanner.ts";

export interface MaskedTexts {
  readonly texts: readonly string[];
  /** How many secrets were taken out. */
  readonly count: number;
}

/** Scanned together: a call for each of a million short texts would take minutes. */
const batchCharacters = 2 * 1024 * 1024;
const between = "\n";
/** Shorter ones would be found in ordinary words. */
const shortestValue = 12;
/** What is masked can complete something that looks like a secret with what follows it. */
const rounds = 4;

/** Takes every secret out of the texts, and looks again until none is found. Throws where that does not come to an end. */
export async function maskTexts(texts: readonly string[], scanner: SecretScanner): Promise<MaskedTexts> {
  let current = texts;
  let count = 0;
  // What was found in one place goes everywhere: elsewhere it may be in the middle of a word.
  const values = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const masked = await maskOnce(current, scanner, values);
    if (masked.count === 0) return { texts: masked.texts, count };
    count += masked.count;
    current = masked.texts;
  }
  throw new SandboxError("file", "The conversation holds what looks like secrets and could not be removed from it");
}

/** As `maskTexts`, of one text. */
export async function maskText(text: string, scanner: SecretScanner): Promise<{ text: string; count: number }> {
  const { texts, count } = await maskTexts([text], scanner);
  return { text: texts[0] ?? "", count };
}

async function maskOnce(texts: readonly string[], scanner: SecretScanner, values: Set<string>): Promise<MaskedTexts> {
  const masked: string[] = [];
  let count = 0;
  let batch: string[] = [];
  let size = 0;
  const flush = async () => {
    const whole = batch.join(between);
    const findings = merged([...(await scanner.scan(whole)), ...occurrences(whole, values)]);
    for (const { start, end } of findings) if (end - start >= shortestValue) values.add(whole.slice(start, end));
    count += findings.length;
    let start = 0;
    for (const text of batch) {
      masked.push(maskIn(text, start, findings));
      start += text.length + between.length;
    }
    batch = [];
    size = 0;
  };
  for (const text of texts) {
    batch.push(text);
    size += text.length;
    if (size >= batchCharacters) await flush();
  }
  if (batch.length > 0) await flush();
  return { texts: masked, count };
}

function occurrences(text: string, values: ReadonlySet<string>): SecretFinding[] {
  const found: SecretFinding[] = [];
  for (const value of values) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
      found.push({ start: at, end: at + value.length, name: "found elsewhere", isKnown: false });
    }
  }
  return found;
}

/** Sorted, and those that overlap as one. */
function merged(findings: readonly SecretFinding[]): readonly SecretFinding[] {
  const all: SecretFinding[] = [];
  for (const finding of [...findings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = all.at(-1);
    if (last === undefined || finding.start >= last.end) all.push(finding);
    else if (finding.end > last.end) all[all.length - 1] = { ...last, end: finding.end };
  }
  return all;
}

/** `start` is where the text begins in what was scanned. */
function maskIn(text: string, start: number, findings: readonly SecretFinding[]): string {
  let result = "";
  let at = 0;
  for (const finding of findings) {
    const from = Math.max(finding.start - start, at);
    const to = Math.min(finding.end - start, text.length);
    if (to <= from) continue;
    result += `${text.slice(at, from)}[removed: ${finding.name}]`;
    at = to;
  }
  return at === 0 ? text : result + text.slice(at);
}

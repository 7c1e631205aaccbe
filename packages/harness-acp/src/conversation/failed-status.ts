const named = /(?:status(?: code)?|HTTP|API Error|error|code)["']?(?:\s*[:=])?\s*["']?([45]\d\d)\b/i;
const first = /^\W{0,3}([45]\d\d)\b/;

/** The HTTP status of the model's API that a text names as the reason of a failure, where it names one. */
export function failedStatus(text: string): number | undefined {
  const head = text.slice(0, 4096);
  const digits = (first.exec(head) ?? named.exec(head))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

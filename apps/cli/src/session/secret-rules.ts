import type { SecretFinding, SecretScanner } from "@glovebox/core";
import { lintSource } from "@secretlint/core";
import { creator as recommended } from "@secretlint/secretlint-rule-preset-recommend";

/** Without the rule that lets a comment in a file switch the others off: the agent wrote the file. */
const config = {
  rules: [
    {
      id: "@secretlint/secretlint-rule-preset-recommend",
      rule: recommended,
      rules: [{ id: "@secretlint/secretlint-rule-filter-comments", disabled: true }],
    },
  ],
};

/**
 * The rules prefer to be sure: of the most common secrets one too many is better here than one too few. Without word boundaries:
 * in a conversation a secret can follow an escape such as `\n`.
 */
const ownPatterns: Readonly<Record<string, RegExp>> = {
  "model key": /sk-ant-[A-Za-z0-9_-]{16,}/g,
  "API key": /sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{16,}|[A-Za-z0-9]{32,})/g,
  "GitHub token": /(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  "AWS access key": /(?:AKIA|ASIA)[A-Z0-9]{16}/g,
  "AWS secret key": /aws_?(?:secret_?)?(?:access_?)?key["']?\s*[:=]\s*["']?[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/gi,
  "Google key": /AIza[A-Za-z0-9_-]{35}/g,
  "bearer token": /bearer\s+[A-Za-z0-9._~+/-]{20,}=*/gi,
  "JSON web token": /eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  "private key":
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]{0,16384}?-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s\\]{0,16384})/g,
};

/** Finds what looks like a secret: by secretlint's recommended rules, and by patterns of the most common ones. */
export const secretRules: SecretScanner = {
  scan: async (text) => {
    const source = { filePath: "/text.txt", content: text, ext: ".txt", contentType: "text" as const };
    const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } });
    const byRules = messages.map(({ range: [start, end], ruleId }) =>
      finding(start, wholeWord(text, end), ruleId.replace(/^.*secretlint-rule-/, "")),
    );
    const own = Object.entries(ownPatterns).flatMap(([name, pattern]) =>
      [...text.matchAll(pattern)].map(({ index, 0: found }) => finding(index, index + found.length, name)),
    );
    return [...byRules, ...own];
  },
};

function finding(start: number, end: number, name: string): SecretFinding {
  return { start, end, name, isKnown: false };
}

/** A rule may report less than the whole value. */
function wholeWord(text: string, end: number): number {
  return end + (/^[A-Za-z0-9_\-+/=.~]*/.exec(text.slice(end, end + 4096))?.[0] ?? "").length;
}

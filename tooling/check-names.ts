/**
 * Refuses names that do not belong where they are: a provider or a harness in the sources of apps/cli, which learns of
 * them from plugins, and a flag of the command line in the texts of packages, which do not know it (they give a remedy).
 */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const isTest = (path: string) => /\.test\.ts$/.test(path);

// A Dockerfile is a file format, whichever program builds it.
const plugin = /docker(?!file)|e2b|cloudflare|bubblewrap|podman|kubernetes|claude|anthropic/gi;

/** In prose: after a word, a backtick or a bracket. An argument of another program is a string of its own. */
const flag = new RegExp(
  `(?:\\b(?:with|by|use|pass|give|set|or|and|to|as|longer|without)|\`glovebox[^\`]*|[:(\`]) ?--(?:${[
    ...["allow-host", "network", "credential", "timeout", "idle-timeout", "lease", "memory", "cpus", "pids", "disk"],
    ...["tmp-size", "shm-size", "open-files", "max-cost", "max-turns", "max-budget-usd", "image", "dockerfile"],
    ...["template", "workspace", "output", "overwrite", "mount", "env-file", "model", "provider", "harness", "runtime"],
    ...[
      "root-inside",
      "keep",
      "fix",
      "yes",
      "force",
      "offline",
      "plugin",
      "agent",
      "skill",
      "mcp",
      "all",
      "all-owners",
    ],
  ].join("|")})\\b`,
  "g",
);

const found = [
  ...search("apps/cli/src/**/*.ts", plugin, "names a plugin"),
  ...search(
    "packages/{core,batch,components,supervisor,egress-gateway,image-builder,provider-*,harness-*}/src/**/*.ts",
    flag,
    "names a flag",
  )
    // A plugin's own command knows its own flags.
    .filter(({ path }) => !/^packages\/[^/]+\/src\/commands\/|^packages\/provider-testkit\//.test(path)),
];
for (const { path, line, text, what } of found) console.log(`${path}:${line}: ${what}: ${text.trim()}`);
console.log(`${found.length} names that do not belong where they are`);
if (found.length > 0) process.exitCode = 1;

function search(pattern: string, expression: RegExp, what: string) {
  const paths = globSync(pattern, { cwd: root }).filter((path) => !isTest(path));
  return paths.sort().flatMap((path) =>
    readFileSync(`${root}${path}`, "utf8")
      .split("\n")
      .flatMap((text, index) =>
        text.search(expression) === -1 || /^\s*(?:\*|\/\*\*|\/\/)/.test(text)
          ? []
          : [{ path, line: index + 1, text, what }],
      ),
  );
}

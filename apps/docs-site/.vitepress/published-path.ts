const atRoot: Readonly<Record<string, string>> = {
  "README.md": "index.md",
  "CONTRIBUTING.md": "contributing.md",
  // docs/security.md has the name that differs only in case.
  "SECURITY.md": "report-a-vulnerability.md",
};

/** Returns where the site has a page of the repository: docs/ is its root, and the README its start. */
export function publishedPath(path: string): string {
  return atRoot[path] ?? path.replace(/^docs\//u, "").replace(/(^|\/)README\.md$/u, "$1index.md");
}

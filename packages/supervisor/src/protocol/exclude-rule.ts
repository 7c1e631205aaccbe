/** Returns a function that decides whether a path relative to the archive's directory is excluded. */
export function excludeRule(patterns: readonly string[]): (path: string, name: string) => boolean {
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const pattern of patterns) {
    const bare = pattern.replace(/\/+$/, "");
    if (bare.includes("/")) paths.add(bare.replace(/^(\.?\/+)+/, ""));
    else names.add(bare);
  }
  return (path, name) => names.has(name) || paths.has(path);
}

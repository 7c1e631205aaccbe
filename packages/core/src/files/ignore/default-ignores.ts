/** What the tools that made it can make again: left out of a result unless the caller says otherwise. */
export const defaultIgnores: readonly string[] = [
  "node_modules",
  ".pnpm-store",
  ".turbo",
  ".parcel-cache",
  ".venv",
  "__pycache__",
  ".pytest_cache",
  ".mypy_cache",
  ".ruff_cache",
  ".tox",
  ".gradle",
  ".cache",
  ".DS_Store",
];

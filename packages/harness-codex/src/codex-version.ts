/** The Codex that a run gets unless its settings name another; every format in this package was read from it. */
export const codexVersion = "0.171.0";

/** The Claude Code that a run gets unless its settings name another; every format in this package was read from it. */
export const claudeCodeVersion = "2.1.328";

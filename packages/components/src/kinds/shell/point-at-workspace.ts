const home = /(~|"(?:\$HOME|\$\{HOME\})"|\$HOME|\$\{HOME\})\/(\.claude\/[\w./-]+)/g;
/** The directory where the agent stands, which is only the workspace as long as it stays there. */
const here = /("(?:\$PWD|\$\{PWD\}|\$\(pwd\))"|\$PWD|\$\{PWD\}|\$\(pwd\))\/(\.claude\/[\w./-]+)/g;
const alone = /'(?:\.\/)*(\.claude\/[\w./-]+)'/g;
/** A path at the beginning of a word: what follows a slash or a letter is the end of another path. */
const relative = /(^|[\s"'=(;|&<>`])((?:\.\/)*(\.claude\/[\w./-]+))/g;

/**
 * The shell command with the paths of files that are placed pointed at the workspace, wherever the agent stands when it
 * runs: `~/.claude/…`, for the home of the sandbox's user has none of them, and `.claude/…`, which is another directory
 * after a `cd`.
 */
export function pointHookAtWorkspace(command: string, placed: readonly string[]): string {
  const point = (whole: string, start: string, path: string): string => {
    if (!placed.includes(path)) return whole;
    // A tilde only works outside quotes, where the variable needs its own.
    return start === "~" || start.startsWith('"') ? `"$CLAUDE_PROJECT_DIR"/${path}` : `$CLAUDE_PROJECT_DIR/${path}`;
  };
  const rooted = command.replaceAll(home, point).replaceAll(here, point);
  const ofHome = rooted.replaceAll(alone, (whole, path: string, at: number) =>
    placed.includes(path) && quotesAt(rooted, at) === "none" && !isScriptQuote(rooted.slice(0, at))
      ? `"$CLAUDE_PROJECT_DIR"/${path}`
      : whole,
  );
  return ofHome.replaceAll(relative, (whole, before: string, written: string, path: string, at: number) => {
    if (!placed.includes(path)) return whole;
    const quotes = quotesAt(ofHome, at + before.length);
    if (quotes === "single") return whole;
    const place = quotes === "double" ? "$CLAUDE_PROJECT_DIR" : '"$CLAUDE_PROJECT_DIR"';
    return `${before}${place}/${path}${whole.slice(before.length + written.length)}`;
  });
}

/** The same for a status line, which starts in the workspace and has no such variable. */
export function pointStatusLineAtWorkspace(command: string, placed: readonly string[]): string {
  return command.replaceAll(home, (whole, _start: string, path: string) => (placed.includes(path) ? path : whole));
}

/** The quotes around a place in a command. Those of a script that is given to another shell count as its own. */
function quotesAt(command: string, end: number): "none" | "double" | "single" {
  let quotes: "none" | "double" | "single" = "none";
  for (let at = 0; at < end; at += 1) {
    const letter = command[at];
    if (letter === "\\" && quotes !== "single") at += 1;
    else if (letter === '"' && quotes !== "single") quotes = quotes === "double" ? "none" : "double";
    else if (letter === "'" && quotes === "single") quotes = "none";
    else if (letter === "'" && quotes === "none" && !isScriptQuote(command.slice(0, at))) quotes = "single";
  }
  return quotes;
}

/** Whether a quote after these words begins the script of another shell. */
function isScriptQuote(before: string): boolean {
  return /\b(ba|da|z)?sh\s+(-\w+\s+)*-\w*c\s+$/.test(before);
}

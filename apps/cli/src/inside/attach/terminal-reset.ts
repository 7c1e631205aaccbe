/**
 * Brings a terminal back from whatever a program has set: the other screen, modes of keyboard, mouse and paste, colours, scroll
 * region, character sets, cursor. Leaves what was printed where it is, and the cursor below it.
 */
export function terminalReset(rows: number): string {
  const modes = [1, 9, 47, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 1047, 2004, 2026, 2031, 5, 6]
    .map((mode) => `\x1b[?${mode}l`)
    .join("");
  const keyboard = "\x1b[<99u\x1b[>4;0m\x1b>";
  const drawing = "\x1b[0m\x1b(B\x0f\x1b[4l\x1b[?7h\x1b[?25h\x1b[0 q\x1b[r";
  return `\x1b[?1049l${modes}${keyboard}${drawing}\x1b[${rows};1H\r\n`;
}

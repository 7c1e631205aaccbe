const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** How long a frame stays. */
export const frameMs = 100;

/** The frame that shows that something is running. */
export function frameAt(ms: number): string {
  return frames[Math.floor(ms / frameMs) % frames.length] ?? "";
}

/** Hears what could not be done, by a code and in one line. */
export type WarningListener = (code: string, message: string) => void;

const maxSkippedByName = 50;

/** A directory of ten thousand unreadable files is reported once, after the first of them by name. */
export function boundWarnings(onWarning: WarningListener | undefined): WarningListener {
  let left = 0;
  return (code, message) => {
    if (code === "upload-skipped") left += 1;
    if (code !== "upload-skipped" || left <= maxSkippedByName) onWarning?.(code, message);
    else if (left === maxSkippedByName + 1) onWarning?.(code, "More was left out, which is not named");
  };
}

import { useEffect, useState } from "react";

const format = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
const steps = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86_400, "hour", 3600],
  [2_592_000, "day", 86_400],
  [31_536_000, "month", 2_592_000],
] as const;

function relative(from: number, now: number): string {
  const seconds = (from - now) / 1000;
  if (Math.abs(seconds) < 5) return "now";
  const [, unit, size] = steps.find(([below]) => Math.abs(seconds) < below) ?? [0, "year", 31_536_000];
  return format.format(Math.trunc(seconds / size), unit);
}

/** Re-renders once per interval and returns the time. */
export function useNow(intervalMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return now;
}

/** `5 min ago`, with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(15_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {relative(Date.parse(at), now)}
    </time>
  );
}

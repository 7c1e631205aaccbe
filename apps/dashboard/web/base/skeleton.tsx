import { useId } from "react";

const widths = ["72%", "54%", "64%", "46%", "68%", "58%"];

/** Grey lines while data loads. */
export function Skeleton({ lines = 6, label = "Loading" }: { lines?: number; label?: string }) {
  const id = useId();
  return (
    <div className="stack skeletons" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => `${id}${index}`).map((key, index) => (
        <span key={key} className="skeleton" style={{ width: widths[index % widths.length] }} />
      ))}
    </div>
  );
}

import type { Batch } from "@glovebox/client";

const parts = [
  { name: "succeeded", text: "succeeded" },
  { name: "failed", text: "failed" },
  { name: "running", text: "running" },
  { name: "queued", text: "queued" },
] as const;

/** How many rows are how far, as a bar and in words. */
export function CountBar({ counts }: { counts: Batch["counts"] }) {
  const shown = parts.filter(({ name }) => counts[name] > 0);
  const words = shown.map(({ name, text }) => `${counts[name]} ${text}`).join(", ");
  return (
    <span className="count-bar">
      <span className="count-bar__parts" aria-hidden>
        {shown.map(({ name }) => (
          <span key={name} className={`count-bar__${name}`} style={{ flexGrow: counts[name] }} />
        ))}
      </span>
      <span className="soft number">{words}</span>
    </span>
  );
}

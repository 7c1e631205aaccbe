import { plainText } from "@glovebox/core/text";
import { HiddenText } from "../text/hidden-text.tsx";

const mostLines = 120;

/** What a tool was called with: a change of a text as a diff, a text as it is, everything else as JSON. */
export function ToolInput({ input }: { input: unknown }) {
  if (typeof input !== "object" || input === null) return <pre className="tool__input">{plainText(String(input))}</pre>;
  const { old_string: before, new_string: after, content, command, ...rest } = input as Record<string, unknown>;
  if (typeof before === "string" && typeof after === "string") return <Replacement before={before} after={after} />;
  if (typeof content === "string") return <Lines text={content} sign="+" />;
  if (typeof command === "string" && Object.keys(rest).every((name) => quiet.has(name))) {
    return <pre className="tool__input tool__command">{plainText(command)}</pre>;
  }
  // The line above it has said so already.
  if (isSaid(input as Record<string, unknown>)) return null;
  return <pre className="tool__input">{plainText(JSON.stringify(input, undefined, 2))}</pre>;
}

/** Whether a path is all there is. */
function isSaid(input: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(input);
  return names.length === 1 && /^(?:file_?path|path)$/i.test(names[0] ?? "");
}

/** Fields that need not be shown beside a command. */
const quiet: ReadonlySet<string> = new Set(["description", "timeout", "run_in_background"]);

function Replacement({ before, after }: { before: string; after: string }) {
  return (
    <div className="tool__change">
      <Lines text={before} sign="-" />
      <Lines text={after} sign="+" />
    </div>
  );
}

function Lines({ text, sign }: { text: string; sign: "+" | "-" }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <pre className={`tool__input lines lines--${sign === "+" ? "added" : "removed"}`}>
      {lines.slice(0, mostLines).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text never move
        <span key={index} className="lines__line">
          {sign} <HiddenText line={line} />
          {"\n"}
        </span>
      ))}
      {lines.length > mostLines ? `… ${lines.length - mostLines} more lines` : ""}
    </pre>
  );
}

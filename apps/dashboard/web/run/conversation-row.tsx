import { plainText, safeLine } from "@glovebox/core/text";
import { Brain, ChevronRight, CircleAlert, Info, Terminal, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { classNames } from "../base/class-names.ts";
import { Notice } from "../base/notice.tsx";
import type { ConversationItem, MessageItem, NoteItem, RawItem, ResultItem } from "../model/conversation-item.ts";
import { Markdown } from "../text/markdown.tsx";
import { useIsOpen } from "./open-items.ts";
import { ToolCall } from "./tool-call.tsx";

/** One row of the conversation. */
export const ConversationRow = memo(function ConversationRow({ item }: { item: ConversationItem }) {
  return (
    <div className={classNames("item", item.parentCallId !== undefined && "item--inner")}>
      <Content item={item} />
    </div>
  );
});

function Content({ item }: { item: ConversationItem }) {
  switch (item.kind) {
    case "message":
      return item.role === "reasoning" ? <Reasoning item={item} /> : <Message item={item} />;
    case "tool":
      return <ToolCall item={item} />;
    case "note":
      return <Note item={item} />;
    case "raw":
      return <Raw item={item} />;
    default:
      return <Result item={item} />;
  }
}

function Message({ item }: { item: MessageItem }) {
  return (
    <div className="message">
      <div className="speaker">
        {item.role === "user" ? "User" : item.parentCallId === undefined ? "Agent" : "Sub-agent"}
        <time className="speaker__time" dateTime={item.at}>
          {new Date(item.at).toLocaleTimeString()}
        </time>
      </div>
      <Markdown text={item.text} />
      {item.isOpen ? <span className="cursor" role="img" aria-label="The agent is writing" /> : null}
    </div>
  );
}

function Reasoning({ item }: { item: MessageItem }) {
  const [isOpen, toggle] = useIsOpen(item.key);
  return (
    <div className="fold">
      <button type="button" className="fold__head" aria-expanded={isOpen} onClick={toggle}>
        <ChevronRight aria-hidden className="fold__arrow" />
        <Brain aria-hidden />
        <span className="soft">{item.isOpen ? "Thinking…" : "Thought"}</span>
        <span className="cut faint">{safeLine(item.text, 120)}</span>
      </button>
      {isOpen ? <div className="fold__body reasoning">{plainText(item.text)}</div> : null}
    </div>
  );
}

const noteIcons = { plain: Info, amber: TriangleAlert, red: CircleAlert } as const;

function Note({ item }: { item: NoteItem }) {
  const Icon = noteIcons[item.tone];
  return (
    <div className={`note note--${item.tone}`}>
      <Icon aria-hidden />
      <div className="grow">
        <span>{plainText(item.text)}</span>
        {item.hint === undefined ? null : <span className="note__hint"> {plainText(item.hint)}</span>}
      </div>
      <time dateTime={item.at} className="faint number">
        {new Date(item.at).toLocaleTimeString()}
      </time>
    </div>
  );
}

function Raw({ item }: { item: RawItem }) {
  const [isOpen, toggle] = useIsOpen(item.key);
  return (
    <div className="fold">
      <button type="button" className="fold__head" aria-expanded={isOpen} onClick={toggle}>
        <ChevronRight aria-hidden className="fold__arrow" />
        <Terminal aria-hidden />
        <span className="soft">Output</span>
        <span className="cut faint">{safeLine(item.lines[0] ?? "", 120)}</span>
      </button>
      {isOpen ? <pre className="fold__body terminal-text">{plainText(item.lines.join("\n"))}</pre> : null}
    </div>
  );
}

function Result({ item }: { item: ResultItem }) {
  const structured = item.structuredOutput;
  return (
    <div className="stack">
      {item.isOk && item.text === "" ? null : (
        <Notice tone={item.isOk ? "green" : "red"}>
          {item.text === "" ? "The agent failed." : <Markdown text={item.text} />}
        </Notice>
      )}
      {structured === undefined ? null : (
        <div className="structured">
          <div className="speaker">Structured answer</div>
          <pre>{plainText(JSON.stringify(structured, undefined, 2))}</pre>
        </div>
      )}
    </div>
  );
}

import { plainText } from "@glovebox/core/text";
import { memo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { ScrollArea } from "../base/scroll-area.tsx";

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
    </a>
  ),
  // A model's heading is no heading of this page.
  h1: ({ children }) => <p className="markdown__heading">{children}</p>,
  h2: ({ children }) => <p className="markdown__heading">{children}</p>,
  h3: ({ children }) => <p className="markdown__heading">{children}</p>,
  h4: ({ children }) => <p className="markdown__heading">{children}</p>,
  table: ({ children }) => (
    <ScrollArea className="table-scroll" label="Table">
      <table>{children}</table>
    </ScrollArea>
  ),
  pre: ({ children }) => (
    <ScrollArea className="markdown__code" label="Code">
      <pre>{children}</pre>
    </ScrollArea>
  ),
};

const longest = 100_000;

/** A model's answer. Its HTML is left out, its images are not loaded, and a link leads only where it says. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        disallowedElements={["img", "input"]}
        urlTransform={(url) => (/^https?:\/\//i.test(url) ? url : "")}
        components={components}
      >
        {plainText(text.slice(0, longest))}
      </ReactMarkdown>
    </div>
  );
});

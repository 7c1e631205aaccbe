import { Bot, FilePen, FileText, Globe, ListTodo, type LucideIcon, Search, Terminal, Wrench } from "lucide-react";

const icons: readonly (readonly [RegExp, LucideIcon])[] = [
  [/bash|shell|exec|terminal|command/i, Terminal],
  [/write|edit|patch|replace/i, FilePen],
  [/read|cat|view|notebook/i, FileText],
  [/grep|glob|search|find|^ls$|list_dir/i, Search],
  [/web|fetch|http/i, Globe],
  [/task|agent/i, Bot],
  [/todo|plan/i, ListTodo],
];

/** An icon for a tool by its name, whichever harness calls it. */
export function toolIcon(name: string): LucideIcon {
  return icons.find(([pattern]) => pattern.test(name))?.[1] ?? Wrench;
}

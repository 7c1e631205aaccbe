import { Dialog } from "../base/dialog.tsx";

const groups = [
  {
    title: "Everywhere",
    keys: [
      ["?", "Show this list"],
      ["n", "New run"],
      ["g r", "Go to runs"],
      ["g b", "Go to batches"],
      ["g c", "Go to cost"],
      ["g s", "Go to settings"],
    ],
  },
  {
    title: "Runs",
    keys: [
      ["/", "Search"],
      ["j", "Next run"],
      ["k", "Previous run"],
      ["Enter", "Open the selected run"],
    ],
  },
  {
    title: "A run",
    keys: [
      ["1", "First tab; 2 to 7 for the others"],
      ["e", "Expand or fold all tool calls"],
      ["End", "Jump to the newest event"],
    ],
  },
] as const;

export function ShortcutList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      {groups.map(({ title, keys }) => (
        <section key={title} className="stack shortcuts">
          <h3>{title}</h3>
          <dl>
            {keys.map(([key, text]) => (
              <div key={key} className="shortcuts__row">
                <dt>{text}</dt>
                <dd className="row">
                  {key.split(" ").map((part) => (
                    <kbd key={part}>{part}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

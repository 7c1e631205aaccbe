import { Unplug } from "lucide-react";
import { Button } from "../base/button.tsx";
import { Empty } from "../base/empty.tsx";

/** What is shown while the server cannot be reached at all. */
export function ServerAway({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <main className="page">
      <h1 className="only-for-readers">Glovebox</h1>
      <Empty icon={Unplug} title="The server does not answer">
        <p>{reason}. Your runs continue without this page.</p>
        <Button onClick={onRetry}>Try again</Button>
      </Empty>
    </main>
  );
}

import type { RunResult } from "@glovebox/core";
import { expect, it } from "vitest";
import type { Notification } from "./notification.ts";
import { RunNotices } from "./run-notices.ts";

it("what an agent said makes no link and calls nobody in a chat", () => {
  const sent: Notification[] = [];
  const notices = new RunNotices({
    ...{ notifier: { send: (one) => void sent.push(one) }, runId: "r", name: "r1", labels: undefined },
    ...{ outputDirectory: "/out", maxCostUsd: undefined, atShare: 0.8 },
  });
  const reason = "<!channel> @everyone <https://evil.example|Log in>";
  notices.end({ outcome: "failed", reason, exitCode: 1, durationMs: 1000 } as RunResult);
  expect(sent[0]?.text).toBe("Run r1 failed after 1.0s: ‹!channel› @ everyone ‹https://evil.example|Log in›");
  expect(sent[0]?.reason).toBe(reason);
});

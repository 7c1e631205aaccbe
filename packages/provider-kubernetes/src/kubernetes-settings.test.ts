import { describe, expect, it } from "vitest";
import { kubernetesSettings } from "./kubernetes-settings.ts";

describe("the settings", () => {
  it("take what flags give", () => {
    expect(kubernetesSettings.parse({ nodeSelector: "pool=agents,disk=ssd", imagePullSecrets: "one, two" })).toEqual({
      nodeSelector: { pool: "agents", disk: "ssd" },
      imagePullSecrets: ["one", "two"],
    });
  });

  it.each([
    { nodeSelector: "pool" },
    { namespace: "a.b" },
    { namespace: "../kube-system" },
    { runtimeClass: "Kata!" },
    { maxLifeHours: 0 },
    { podTemplate: { spec: { hostPID: true } } },
  ])("refuse %j", (settings) => {
    expect(kubernetesSettings.safeParse(settings).success).toBe(false);
  });
});

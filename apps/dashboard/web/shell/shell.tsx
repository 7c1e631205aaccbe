import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { Toasts } from "../base/toasts.tsx";
import { Navigation } from "./navigation.tsx";
import { ShortcutList } from "./shortcut-list.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

/** The frame around every page of a user who is logged in. */
export function Shell({ children }: { children: ReactNode }) {
  const [, navigate] = useLocation();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useShortcuts({
    "?": () => setHelpOpen(true),
    n: () => navigate("/new"),
    "g r": () => navigate("/"),
    "g b": () => navigate("/batches"),
    "g c": () => navigate("/cost"),
    "g s": () => navigate("/settings"),
  });
  return (
    <div className="shell">
      <a href="#main" className="skip">
        Skip to the content
      </a>
      <Navigation />
      {children}
      <Toasts />
      {isHelpOpen ? <ShortcutList onClose={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

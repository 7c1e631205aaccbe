import { Compass } from "lucide-react";
import { Link } from "wouter";
import { Empty } from "../base/empty.tsx";
import { Page } from "./page.tsx";

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <Empty icon={Compass} title="There is no such page">
        <Link href="/" className="button">
          Show all runs
        </Link>
      </Empty>
    </Page>
  );
}

import { GloveboxApiError } from "@glovebox/client";
import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Skeleton } from "./base/skeleton.tsx";
import { MeProvider, useSession } from "./data/me.ts";
import { LoginPage } from "./login/login-page.tsx";
import { ServerAway } from "./login/server-away.tsx";
import { RunPage } from "./run/run-page.tsx";
import { RunsPage } from "./runs/runs-page.tsx";
import { SharedRunPage } from "./share/shared-run-page.tsx";
import { NotFoundPage } from "./shell/not-found-page.tsx";
import { Shell } from "./shell/shell.tsx";

const StartPage = lazy(() => import("./start/start-page.tsx").then((module) => ({ default: module.StartPage })));
const BatchesPage = lazy(() =>
  import("./batches/batches-page.tsx").then((module) => ({ default: module.BatchesPage })),
);
const BatchPage = lazy(() => import("./batches/batch-page.tsx").then((module) => ({ default: module.BatchPage })));
const NewBatchPage = lazy(() =>
  import("./batches/new-batch-page.tsx").then((module) => ({ default: module.NewBatchPage })),
);
const CostPage = lazy(() => import("./cost/cost-page.tsx").then((module) => ({ default: module.CostPage })));
const AuditPage = lazy(() => import("./audit/audit-page.tsx").then((module) => ({ default: module.AuditPage })));
const SettingsPage = lazy(() =>
  import("./settings/settings-page.tsx").then((module) => ({ default: module.SettingsPage })),
);

/** The pages: a shared run and the login need nobody; all others need a user. */
export function App() {
  return (
    <Switch>
      <Route path="/share/*?">
        <SharedRunPage />
      </Route>
      <Route path="/login">
        <LoginPage />
      </Route>
      <Route>
        <SignedInPages />
      </Route>
    </Switch>
  );
}

function SignedInPages() {
  const session = useSession();
  const [location] = useLocation();
  if (session.data?.user !== undefined) {
    const { user, role, server } = session.data;
    return (
      <MeProvider value={{ user, role, version: server.version }}>
        <Shell>
          <Pages />
        </Shell>
      </MeProvider>
    );
  }
  if (session.isPending) return <Skeleton lines={3} label="Connecting to the server" />;
  const isUnknown = GloveboxApiError.isInstance(session.error) && session.error.status === 401;
  if (isUnknown || session.error === null) return <LoginPage returnTo={location} />;
  return <ServerAway reason={session.error.message} onRetry={() => session.refetch()} />;
}

function Pages() {
  return (
    <Suspense
      fallback={
        <main className="page" id="main">
          <Skeleton lines={8} />
        </main>
      }
    >
      <Switch>
        <Route path="/" component={RunsPage} />
        <Route path="/runs/:id">{({ id }) => <RunPage runId={id} />}</Route>
        <Route path="/new" component={StartPage} />
        <Route path="/batches" component={BatchesPage} />
        <Route path="/batches/new" component={NewBatchPage} />
        <Route path="/batches/:id">{({ id }) => <BatchPage batchId={id} />}</Route>
        <Route path="/cost" component={CostPage} />
        <Route path="/audit" component={AuditPage} />
        <Route path="/settings" component={SettingsPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </Suspense>
  );
}

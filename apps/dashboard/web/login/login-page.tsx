import { useEffect, useState } from "react";
import { Button } from "../base/button.tsx";
import { Field } from "../base/field.tsx";
import { Notice } from "../base/notice.tsx";
import { useLogin, useLoginMethods } from "../data/login.ts";

/** Where a user without a session lands: by a one-time link, with a token, or by the team's single sign-on. */
export function LoginPage({ returnTo = "/" }: { returnTo?: string }) {
  const login = useLogin(returnTo);
  const { mutate } = login;
  const [code] = useState(takeCode);
  useEffect(() => {
    if (code !== "") mutate({ code });
  }, [code, mutate]);
  return (
    <main className="login">
      <title>Log in · Glovebox</title>
      <div className="login__card">
        <img src={new URL("../icon.svg", import.meta.url).href} alt="" width={40} height={40} />
        <h1>Log in to Glovebox</h1>
        {login.error === null ? null : <LoginError isByLink={code !== ""} message={login.error.message} />}
        {code !== "" && login.error === null ? (
          <p className="soft" role="status">
            Logging in…
          </p>
        ) : (
          <TokenForm isBusy={login.isPending} onSubmit={(token) => mutate({ token })} />
        )}
        <SingleSignOn />
      </div>
    </main>
  );
}

/** The code of a one-time link. It leaves the address at once, so that it does not stay in the history. */
function takeCode(): string {
  const code = location.hash.slice(1);
  if (code !== "") history.replaceState(null, "", location.pathname);
  return code;
}

function LoginError({ isByLink, message }: { isByLink: boolean; message: string }) {
  return (
    <Notice tone="red">
      {message}
      {isByLink ? <p>A link works once. The server prints a new one with `glovebox serve --login-link`.</p> : null}
    </Notice>
  );
}

function TokenForm({ isBusy, onSubmit }: { isBusy: boolean; onSubmit: (token: string) => void }) {
  const [token, setToken] = useState("");
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(token.trim());
      }}
    >
      <Field
        label="Token"
        hint="Ask an admin for a token, or open the one-time link that the server prints when it first starts."
      >
        {(ids) => (
          <input
            {...ids}
            className="input mono"
            type="password"
            autoComplete="current-password"
            placeholder="glb_…"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="primary" disabled={isBusy || token.trim() === ""}>
        Log in
      </Button>
    </form>
  );
}

function SingleSignOn() {
  const name = useLoginMethods().data?.oidc?.name;
  if (name === undefined) return null;
  return (
    <a className="button" href="/v1/session/oidc">
      Continue with {name}
    </a>
  );
}

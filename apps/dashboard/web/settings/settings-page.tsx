import { Button } from "../base/button.tsx";
import { Segments } from "../base/segments.tsx";
import { useLogout } from "../data/login.ts";
import { useMe } from "../data/me.ts";
import { Page } from "../shell/page.tsx";
import { setTheme, useTheme } from "../shell/theme.ts";
import { ServerSection } from "./server-section.tsx";
import { SettingsCard } from "./settings-card.tsx";
import { TokensSection } from "./tokens-section.tsx";
import { UsersSection } from "./users-section.tsx";

const themes = [
  { value: "system", text: "System" },
  { value: "light", text: "Light" },
  { value: "dark", text: "Dark" },
] as const;

/** The user's own settings; for admins, the users; for all, what the server consists of. */
export function SettingsPage() {
  const { role } = useMe();
  return (
    <Page title="Settings">
      <div className="settings narrow">
        <Account />
        <TokensSection />
        {role === "admin" ? <UsersSection /> : null}
        <ServerSection />
      </div>
    </Page>
  );
}

const roles = {
  viewer: "You can look at every run.",
  runner: "You can look at every run, and start, stop and share your own.",
  admin: "You can do everything.",
} as const;

function Account() {
  const { user, role } = useMe();
  const theme = useTheme();
  const logout = useLogout();
  return (
    <SettingsCard
      title="Account"
      action={
        <Button isSmall disabled={logout.isPending} onClick={() => logout.mutate()}>
          Log out
        </Button>
      }
    >
      <div className="pad stack">
        <p>
          <strong>{user.name}</strong> <span className="badge">{role}</span> <span className="soft">{roles[role]}</span>
        </p>
        <div className="row">
          <span className="field__label">Colours</span>
          <Segments label="Colours" value={theme} options={themes} onChange={setTheme} />
        </div>
      </div>
    </SettingsCard>
  );
}

import { Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "../../../api/auth";
import { asProblem } from "../../../api/problem";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Khatam } from "../../../ui/Khatam";
import { LanguageSwitch } from "../../../ui/LanguageSwitch";
import { ButtonLink } from "../../../ui/links";
import { FieldsSkeleton } from "../../../ui/Skeletons";
import { WordMark } from "../../../ui/WordMark";
import { AcceptForm } from "../forms/AcceptForm";
import { ownAccountQuery, welcomeQuery } from "../queries";
import classes from "./AcceptView.module.css";

const NO_LONGER = new Set([404, 410]);

type Props = { token: string; onEnter: () => void };

/** Where a one-time link leads: an institution, a username, a password, and in. */
export function AcceptView({ token, onEnter }: Props) {
  const { t } = useTranslation();
  const welcome = useQuery(welcomeQuery(token));
  const account = useQuery(ownAccountQuery);
  const [username, setUsername] = useState<string | null>(null);
  const [isSpent, setSpent] = useState(false);
  useDocumentTitle(t("app.titled", { page: t("administration.accept.title") }));

  const done = async (accepted: { username: string; password: string }) => {
    setUsername(accepted.username);
    if (!accepted.password) return onEnter();
    try {
      const outcome = await signIn(accepted.username, accepted.password, ["username"]);
      if (outcome.step === "signed_in") onEnter();
    } catch {
      // The account is open; the page below leads to the sign-in.
    }
  };
  const isGone = isSpent || (welcome.error && NO_LONGER.has(asProblem(welcome.error).status));
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <WordMark />
        <div className={classes.language}>
          <LanguageSwitch />
        </div>
      </header>
      <main className={classes.card}>
        {username !== null ? (
          <Opened username={username} />
        ) : isGone ? (
          <NoLonger />
        ) : welcome.error ? (
          <ErrorPanel error={welcome.error} onRetry={() => void welcome.refetch()} />
        ) : welcome.data && !account.isPending ? (
          <>
            <Text size="sm" c="dimmed">
              {welcome.data.purpose === "reset"
                ? t("administration.accept.resetFor")
                : t("administration.accept.invitedTo")}
            </Text>
            <Title order={1} className={classes.title}>
              <Bidi>{welcome.data.institution}</Bidi>
            </Title>
            <AcceptForm
              token={token}
              welcome={welcome.data}
              account={account.data ?? null}
              onAccepted={done}
              onSpent={() => setSpent(true)}
            />
          </>
        ) : (
          <FieldsSkeleton fields={2} />
        )}
      </main>
    </div>
  );
}

/** The same page for a used, an expired and an unknown link: it tells nothing of anybody. */
function NoLonger() {
  const { t } = useTranslation();
  return (
    <div className={classes.calm}>
      <Khatam size={40} muted />
      <Title order={1} className={classes.title}>
        {t("administration.accept.gone")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("administration.accept.goneDetail")}
      </Text>
      <ButtonLink to="/sign-in" variant="default" mt="sm">
        {t("administration.accept.signIn")}
      </ButtonLink>
    </div>
  );
}

function Opened({ username }: { username: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.calm}>
      <Khatam size={40} />
      <Title order={1} className={classes.title}>
        {t("administration.accept.done")}
      </Title>
      <Text size="sm">
        {t("administration.accept.doneDetail")} <Bidi>{username}</Bidi>
      </Text>
      <ButtonLink to="/sign-in" mt="sm">
        {t("administration.accept.signIn")}
      </ButtonLink>
    </div>
  );
}

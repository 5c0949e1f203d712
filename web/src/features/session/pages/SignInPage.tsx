import { Alert, Anchor, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { authConfigQuery, type SignInOutcome } from "../../../api/auth";
import { keepLanguage } from "../../../api/me";
import { answerWithPasskey, isPasskeyPossible, signInWithPasskey } from "../../../api/passkeys";
import type { LanguageCode } from "../../../i18n/i18n";
import { LanguageSwitch } from "../../../ui/LanguageSwitch";
import { AnchorLink } from "../../../ui/links";
import { WordMark } from "../../../ui/WordMark";
import { CodeForm } from "../forms/CodeForm";
import { PasswordForm } from "../forms/PasswordForm";
import { Lattice } from "../parts/Lattice";
import { PasskeyButton } from "../parts/PasskeyButton";
import { openIntakesQuery } from "../queries";
import classes from "./SignInPage.module.css";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const { t } = useTranslation();
  const { next: goal } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { data: config } = useQuery(authConfigQuery);
  const { data: isOpen } = useQuery(openIntakesQuery);
  const [outcome, setOutcome] = useState<SignInOutcome>();
  const [language, setLanguage] = useState<LanguageCode>();
  useDocumentTitle(t("app.titled", { page: t("session.title") }));

  const proceed = async (next: SignInOutcome) => {
    if (next.step !== "signed_in") return setOutcome(next);
    // What was chosen here belongs to whoever signed in; without an answer, they choose again.
    if (language) await keepLanguage(language).catch(() => undefined);
    queryClient.clear();
    router.history.push(goal ?? "/");
  };

  return (
    <div className={classes.page}>
      <aside className={classes.house}>
        <Lattice />
        <div className={classes.words}>
          <WordMark size="lg" />
          <div>
            <p className={classes.promise}>{t("session.promise")}</p>
            <p className={classes.detail}>{t("session.promiseDetail")}</p>
          </div>
        </div>
      </aside>
      <main className={classes.main}>
        <div className={classes.form}>
          {outcome?.step === "code_needed" ? (
            <>
              <Title order={1} className={classes.title}>
                {t("session.code.title")}
              </Title>
              <Text c="dimmed" size="sm" mb="lg">
                {t("session.code.intro")}
              </Text>
              <Stack gap="md">
                {outcome.types.includes("webauthn") && isPasskeyPossible() && (
                  <PasskeyButton act={answerWithPasskey} onOutcome={proceed}>
                    {t("session.passkey.answer")}
                  </PasskeyButton>
                )}
                <CodeForm onOutcome={proceed} onBack={() => setOutcome(undefined)} />
              </Stack>
            </>
          ) : (
            <>
              <Title order={1} className={classes.title}>
                {t("session.title")}
              </Title>
              <Text c="dimmed" size="sm" mb="lg">
                {goal ? t("session.expired") : t("session.intro")}
              </Text>
              <Stack gap="md">
                {outcome?.step === "unsupported_step" && (
                  <Alert color="saffron" role="alert">
                    {t("session.unsupported")} <Anchor href="/accounts/login/">{t("session.classic")}</Anchor>
                  </Alert>
                )}
                <PasswordForm onOutcome={proceed} />
                {config?.data.mfa?.passkey_login_enabled && isPasskeyPossible() && (
                  <PasskeyButton act={signInWithPasskey} onOutcome={proceed}>
                    {t("session.passkey.signIn")}
                  </PasskeyButton>
                )}
                <Text size="xs" c="dimmed">
                  {t("session.forgot")}
                </Text>
                {isOpen && (
                  <Text size="xs" c="dimmed">
                    {t("session.newcomer")} <AnchorLink to="/apply">{t("session.apply")}</AnchorLink>
                  </Text>
                )}
              </Stack>
            </>
          )}
        </div>
        <div className={classes.language}>
          <LanguageSwitch onChosen={setLanguage} />
        </div>
      </main>
    </div>
  );
}

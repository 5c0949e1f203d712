import { Alert, Anchor, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SignInOutcome } from "../../../api/auth";
import { LanguageSwitch } from "../../../ui/LanguageSwitch";
import { WordMark } from "../../../ui/WordMark";
import { CodeForm } from "../forms/CodeForm";
import { PasswordForm } from "../forms/PasswordForm";
import { Lattice } from "../parts/Lattice";
import classes from "./SignInPage.module.css";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const { t } = useTranslation();
  const { next } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [step, setStep] = useState<SignInOutcome>();
  useDocumentTitle(t("app.titled", { page: t("session.title") }));

  const proceed = async (outcome: SignInOutcome) => {
    if (outcome !== "signed_in") return setStep(outcome);
    queryClient.clear();
    router.history.push(next ?? "/");
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
          {step === "code_needed" ? (
            <>
              <Title order={1} className={classes.title}>
                {t("session.code.title")}
              </Title>
              <Text c="dimmed" size="sm" mb="lg">
                {t("session.code.intro")}
              </Text>
              <CodeForm onOutcome={proceed} onBack={() => setStep(undefined)} />
            </>
          ) : (
            <>
              <Title order={1} className={classes.title}>
                {t("session.title")}
              </Title>
              <Text c="dimmed" size="sm" mb="lg">
                {next ? t("session.expired") : t("session.intro")}
              </Text>
              <Stack gap="md">
                {step === "unsupported_step" && (
                  <Alert color="saffron" role="alert">
                    {t("session.unsupported")} <Anchor href="/accounts/login/">{t("session.classic")}</Anchor>
                  </Alert>
                )}
                <PasswordForm onOutcome={proceed} />
                <Text size="xs" c="dimmed">
                  {t("session.forgot")}
                </Text>
              </Stack>
            </>
          )}
        </div>
        <div className={classes.language}>
          <LanguageSwitch />
        </div>
      </main>
    </div>
  );
}

import { Box, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { authenticatorsQuery, sessionsQuery } from "../../../api/auth";
import { useKeepLanguage, useMe } from "../../../api/me";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { LanguageSwitch } from "../../../ui/LanguageSwitch";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { ThemeToggle } from "../../../ui/ThemeToggle";
import { ChangePasswordForm } from "../forms/ChangePasswordForm";
import { Passkeys } from "../parts/Passkeys";
import { RecoveryCodes } from "../parts/RecoveryCodes";
import { Sessions } from "../parts/Sessions";
import { TwoStep } from "../parts/TwoStep";
import classes from "./AccountPage.module.css";

export function AccountPage() {
  const { t } = useTranslation();
  const { user, impersonation, second_factor_missing: isMissing } = useMe();
  const isOneself = !impersonation;
  const keepLanguage = useKeepLanguage();
  const { data: authenticators, error, refetch } = useQuery({ ...authenticatorsQuery, enabled: isOneself });
  const signedIn = useQuery({ ...sessionsQuery, enabled: isOneself });
  const totp = authenticators?.find(({ type }) => type === "totp");
  const passkeys = (authenticators ?? []).filter(({ type }) => type === "webauthn");
  const codes = authenticators?.find(({ type }) => type === "recovery_codes");
  const first = (
    <Stack gap="lg">
      <Panel title={t("account.password.title")}>
        <ChangePasswordForm />
      </Panel>
      <Panel title={t("account.sessions.title")}>
        {signedIn.error ? (
          <ErrorPanel error={signedIn.error} onRetry={() => void signedIn.refetch()} />
        ) : signedIn.data ? (
          <Sessions sessions={signedIn.data} />
        ) : (
          <RowsSkeleton rows={2} />
        )}
      </Panel>
    </Stack>
  );
  const preferences = (
    <Panel title={t("account.preferences.title")}>
      <Stack gap="xs">
        <LanguageSwitch onChosen={keepLanguage} />
        <ThemeToggle />
      </Stack>
    </Panel>
  );
  if (!isOneself) return <Lent preferences={preferences} />;
  return (
    <>
      <PageHeader title={t("account.title")} lead={t("account.lead", { username: user.username })} />
      {isMissing && (
        <Box mb="lg">
          <Notice>
            <Text size="sm">{t("account.required")}</Text>
          </Notice>
        </Box>
      )}
      <div className={classes.grid}>
        {!isMissing && first}
        <Stack gap="lg">
          <Panel title={t("account.totp.title")}>
            {error ? (
              <ErrorPanel error={error} onRetry={() => void refetch()} />
            ) : authenticators ? (
              <TwoStep totp={totp} />
            ) : (
              <RowsSkeleton rows={1} />
            )}
          </Panel>
          {authenticators && (
            <Panel title={t("account.passkeys.title")}>
              <Passkeys passkeys={passkeys} />
            </Panel>
          )}
          {authenticators && (
            <Panel title={t("account.codes.title")}>
              <RecoveryCodes codes={codes} isTwoStepOn={Boolean(totp) || passkeys.length > 0} />
            </Panel>
          )}
          {preferences}
        </Stack>
        {isMissing && first}
      </div>
    </>
  );
}

/** Whoever acts as somebody reads what stays theirs, instead of forms that are refused. */
function Lent({ preferences }: { preferences: ReactNode }) {
  const { t } = useTranslation();
  const { user } = useMe();
  return (
    <>
      <PageHeader title={t("account.title")} lead={t("account.lead", { username: user.username })} />
      <Stack gap="lg" maw="36rem">
        <Notice>
          <Text size="sm">{t("account.lent")}</Text>
        </Notice>
        {preferences}
      </Stack>
    </>
  );
}

import { Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Authenticator, recoveryCodes, renewRecoveryCodes } from "../../../api/auth";
import { Code } from "../../../ui/Code";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import classes from "./RecoveryCodes.module.css";

type Props = { codes: Authenticator | undefined; isTwoStepOn: boolean };

export function RecoveryCodes({ codes, isTwoStepOn }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const show = useMutation({ mutationFn: recoveryCodes });
  const renew = useMutation({
    mutationFn: renewRecoveryCodes,
    onSuccess: () => {
      show.reset();
      return queryClient.invalidateQueries({ queryKey: ["auth"] });
    },
  });
  const shown = renew.data ?? show.data;
  const error = show.error ?? renew.error;
  if (!isTwoStepOn) return <Text size="sm">{t("account.codes.none")}</Text>;
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{t("account.codes.intro")}</Text>
      {codes && (
        <Text size="sm" c="dimmed">
          {t("account.codes.left", {
            left: codes.unused_code_count ?? 0,
            total: codes.total_code_count ?? 0,
          })}
        </Text>
      )}
      {error && <ErrorPanel error={error} />}
      {shown && (
        <>
          <ul className={classes.codes}>
            {shown.map((code) => (
              <li key={code}>
                <Code>{code}</Code>
              </li>
            ))}
          </ul>
          <CopyButton value={shown.join("\n")}>
            {({ copied, copy }) => (
              <Button variant="default" size="compact-sm" onClick={copy}>
                {copied ? t("account.codes.copied") : t("account.codes.copy")}
              </Button>
            )}
          </CopyButton>
        </>
      )}
      <Group gap="sm">
        {codes && !shown && (
          <Button variant="default" loading={show.isPending} onClick={() => show.mutate()}>
            {t("account.codes.show")}
          </Button>
        )}
        <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
          {t("account.codes.renew")}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t("account.codes.renewBody")}
      </Text>
    </Stack>
  );
}

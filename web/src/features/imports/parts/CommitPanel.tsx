import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { ButtonLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { commit, countOf, errorsUrl, homeOf, type Run, type Source } from "../queries";

type Props = { source: Source; run: Run; onStarted: () => void };

/** The decision: all rows at once, or, where some are wrong, mend them or leave them out knowingly. */
export function CommitPanel({ source, run, onStarted }: Props) {
  const { t } = useTranslation();
  const wrong = countOf(run.summary, "error");
  const good = countOf(run.summary, "create") + countOf(run.summary, "update");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => commit(source, run.id, wrong > 0),
    onSuccess: onStarted,
  });
  // A commit that failed leaves the run as it was, with the reason on its job.
  const isBack = run.job.status === "failed";
  return (
    <Panel title={wrong > 0 ? t("imports.decide.wrong", { count: wrong }) : t("imports.decide.clean")}>
      <Stack gap="sm">
        {isBack && (
          <Alert color="madder" role="alert" title={t("imports.decide.failed")}>
            <Bidi>{run.job.error}</Bidi>
          </Alert>
        )}
        {error && <ErrorPanel error={error} />}
        {wrong > 0 ? (
          <>
            <Text size="sm">{t("imports.decide.mend")}</Text>
            <Failed source={source} run={run} />
            <Group gap="xs">
              <ButtonLink
                {...homeOf(source, run.options)}
                variant={good > 0 ? "default" : "filled"}
                leftSection={<IconArrowBackUp size={16} />}
              >
                {t("imports.decide.again")}
              </ButtonLink>
              {good > 0 && (
                <Button leftSection={<IconCheck size={16} />} loading={isPending} onClick={() => mutate()}>
                  {t("imports.decide.partial", { count: good })}
                </Button>
              )}
            </Group>
            {good > 0 && (
              <Text size="xs" c="dimmed">
                {t("imports.decide.partialHint", { count: wrong })}
              </Text>
            )}
          </>
        ) : good > 0 ? (
          <>
            <Text size="sm">{t("imports.decide.allOrNothing")}</Text>
            <Button leftSection={<IconCheck size={16} />} loading={isPending} onClick={() => mutate()}>
              {t("imports.decide.all", { count: good })}
            </Button>
          </>
        ) : (
          <Text size="sm">{t("imports.decide.nothing")}</Text>
        )}
      </Stack>
    </Panel>
  );
}

/** The failed rows as they were handed in, each with what is wrong. */
export function Failed({ source, run }: { source: Source; run: Run }) {
  const { t } = useTranslation();
  return (
    <Group gap="md">
      <Anchor href={errorsUrl(source, run.id, "xlsx")} download size="sm">
        <Group gap={4} component="span">
          <IconDownload size={16} aria-hidden="true" />
          {t("imports.failed.xlsx")}
        </Group>
      </Anchor>
      <Anchor href={errorsUrl(source, run.id, "csv")} download size="sm">
        {t("imports.failed.csv")}
      </Anchor>
    </Group>
  );
}

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../api/problem";
import { Code } from "./Code";
import { MissingList } from "./MissingList";

type Props = { error: unknown; onRetry?: (() => void) | undefined };

function useWords(problem: Problem): { title: string; detail: string } {
  const { t } = useTranslation();
  if (problem.status === 0) {
    return { title: t("ui.problem.unreachable"), detail: t("ui.problem.unreachableDetail") };
  }
  if (problem.status >= 500) {
    return { title: t("ui.problem.server"), detail: problem.detail || t("ui.problem.serverDetail") };
  }
  const titles: Record<number, string> = {
    403: t("ui.problem.notAllowed"),
    404: t("ui.problem.notFound"),
    412: t("ui.problem.stale"),
  };
  const title = titles[problem.status] ?? (problem.title || t("ui.problem.title"));
  const stale = problem.isStale ? t("ui.problem.staleDetail") : "";
  return { title, detail: problem.detail || stale };
}

/** Any failure, in words, with what is missing, the request number and a way to try again. */
export function ErrorPanel({ error, onRetry }: Props) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const { title, detail } = useWords(problem);
  const unplaced = problem.errors.filter((fault) => fault.detail && fault.detail !== detail);
  return (
    <Alert color="madder" variant="light" icon={<IconAlertTriangle />} title={title} role="alert">
      <Stack gap="xs">
        {detail && <Text size="sm">{detail}</Text>}
        {unplaced.map((fault) => (
          <Text key={`${fault.pointer}${fault.code}${fault.detail}`} size="sm">
            {fault.detail}
          </Text>
        ))}
        <MissingList items={problem.missing} />
        <Group gap="md">
          {onRetry && (
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              {t("ui.retry")}
            </Button>
          )}
          {problem.requestId && (
            <Text size="xs" c="dimmed">
              <Code>{t("ui.requestId", { id: problem.requestId })}</Code>
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

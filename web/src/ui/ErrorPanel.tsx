import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconBarrierBlock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../api/problem";
import { needsProof } from "../api/proof";
import { readable } from "../i18n/label";
import { useServerWords } from "../i18n/serverWords";
import { Bidi } from "./Bidi";
import { useFormat } from "./format";
import { MissingList } from "./MissingList";

type Props = {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** Called before one is led to the place of a requirement, so that a dialog may close. */
  onLeave?: () => void;
};

function useWords(problem: Problem): { title: string; detail: string } {
  const { t } = useTranslation();
  const words = useServerWords();
  const said = words(problem.code, problem.detail);
  const isUnworded = said === readable(problem.code);
  if (problem.status === 0) {
    return { title: t("ui.problem.unreachable"), detail: t("ui.problem.unreachableDetail") };
  }
  if (problem.status >= 500) {
    return { title: t("ui.problem.server"), detail: isUnworded ? t("ui.problem.serverDetail") : said };
  }
  const titles: Record<number, string> = {
    401: t("ui.problem.signedOut"),
    403: t("ui.problem.notAllowed"),
    404: t("ui.problem.notFound"),
    412: t("ui.problem.stale"),
  };
  // Their role does, once they are themselves again.
  const isMeanwhile = problem.code === "impersonating";
  const title = (!isMeanwhile && titles[problem.status]) || t("ui.problem.title");
  const stale = problem.isStale ? t("ui.problem.staleDetail") : "";
  return { title, detail: stale || (isUnworded ? problem.detail : said) };
}

/** Any failure, in words, with what is missing, the request number and a way to try again. */
export function ErrorPanel({ error, ...rest }: Props) {
  const problem = asProblem(error);
  if (problem.code === "maintenance") return <Closed problem={problem} onRetry={rest.onRetry} />;
  return <Failure problem={problem} {...rest} />;
}

function Failure({ problem, onRetry, onLeave }: Omit<Props, "error"> & { problem: Problem }) {
  const { t } = useTranslation();
  const words = useServerWords();
  const { title, detail } = useWords(problem);
  const unplaced = [...new Set(problem.errors.map((fault) => words(fault.code, fault.detail)))].filter(
    (said) => said !== detail,
  );
  // The requirements say it better than the first of them does as the whole.
  const lead = problem.missing.length > 0 || detail === title ? "" : detail;
  return (
    <Alert color="madder" variant="light" icon={<IconAlertTriangle />} title={title} role="alert">
      <Stack gap="xs">
        {lead && <Text size="sm">{lead}</Text>}
        {unplaced.map((said) => (
          <Text key={said} size="sm">
            {said}
          </Text>
        ))}
        <MissingList items={problem.missing} onLeave={onLeave} />
        <Group gap="md">
          {onRetry && (
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              {t("ui.retry")}
            </Button>
          )}
          {problem.status === 401 && !needsProof(problem) && (
            <Anchor size="sm" href="/sign-in" target="_blank">
              {t("ui.problem.signInElsewhere")}
            </Anchor>
          )}
          {problem.requestId && (
            <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              <Bidi>{t("ui.requestId", { id: problem.requestId })}</Bidi>
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** Maintenance is meant, and no fault: what operators say of it, until when, and that nothing typed is lost. */
function Closed({ problem, onRetry }: { problem: Problem; onRetry: Props["onRetry"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { until } = problem.extra;
  return (
    <Alert
      color="saffron"
      variant="light"
      icon={<IconBarrierBlock />}
      title={t("ui.problem.maintenance")}
      role="alert"
    >
      <Stack gap="xs">
        {problem.detail && (
          <Text size="sm">
            <Bidi>{problem.detail}</Bidi>
          </Text>
        )}
        {typeof until === "string" && (
          <Text size="sm">{t("ui.problem.maintenanceUntil", { time: format.dateTime(until) })}</Text>
        )}
        <Text size="sm">{t("ui.problem.maintenanceDetail")}</Text>
        {onRetry && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              {t("ui.retry")}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

import { Group, Stack, Text } from "@mantine/core";
import { IconMailForward, IconTable, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { countOf, homeOf, type Run, type Source, writtenCounts } from "../queries";
import { Failed } from "./CommitPanel";

/** What an import has written, and what comes next. */
export function ResultPanel({ source, run }: { source: Source; run: Run }) {
  const { kind, exam = "" } = source;
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const can = useCan();
  const written = writtenCounts(run.summary);
  const left = countOf(run.summary, "error");
  return (
    <Notice tone="good" role="status">
      <Stack gap="sm" py={4}>
        <Text fw={650}>{t("imports.result.title")}</Text>
        <Text size="sm">
          {written.length > 0
            ? written
                .map(([name, count]) => `${label("imports.written", name)}: ${number(count)}`)
                .join(" · ")
            : t("imports.result.nothing")}
        </Text>
        {left > 0 && (
          <>
            <Text size="sm">{t("imports.result.left", { count: left })}</Text>
            <Failed source={source} run={run} />
          </>
        )}
        <Group gap="xs">
          {kind === "students" ? (
            <ButtonLink to="/academics/students" leftSection={<IconUsers size={16} />}>
              {t("imports.result.students")}
            </ButtonLink>
          ) : kind === "attendance" ? (
            <ButtonLink to="/attendance/eligibility" leftSection={<IconUsers size={16} />}>
              {t("imports.result.attendance")}
            </ButtonLink>
          ) : kind === "exam_marks" ? (
            <ButtonLink
              to="/assessment/exams/$id/marks"
              params={{ id: exam }}
              leftSection={<IconTable size={16} />}
            >
              {t("imports.result.marks")}
            </ButtonLink>
          ) : (
            <ButtonLink
              to="/directory/people"
              search={{ role: "faculty" }}
              leftSection={<IconUsers size={16} />}
            >
              {t("imports.result.faculty")}
            </ButtonLink>
          )}
          {(kind === "students" || kind === "faculty") && can("invitation.send") && (
            <ButtonLink
              to="/administration/invitations/slips"
              search={{ audience: kind, run: String(run.id) }}
              variant="default"
              leftSection={<IconMailForward size={16} />}
            >
              {t("imports.result.invite")}
            </ButtonLink>
          )}
          <ButtonLink {...homeOf(source, run.options)} variant="subtle">
            {t("imports.result.another")}
          </ButtonLink>
        </Group>
      </Stack>
    </Notice>
  );
}

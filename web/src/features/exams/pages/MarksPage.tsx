import { Group } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { MarksGrid } from "../grid/MarksGrid";
import { closedGrid } from "../grid/openness";
import { ExamStatus } from "../parts/ExamStatus";
import { gridQuery } from "../queries";

const route = getRouteApi("/shell/assessment/exams/$id/marks");

/** The marks of an exam, typed as into a sheet. */
export function MarksPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const { data: grid } = useSuspenseQuery(gridQuery(id));
  const closed = closedGrid(grid);
  const isEmpty = grid.rows.length === 0 || grid.components.length === 0;
  return (
    <>
      <PageHeader
        title={t("exams.grid.titled", { title: grid.title })}
        badge={<ExamStatus status={grid.status} />}
        up={
          <AnchorLink to="/assessment/exams/$id" params={{ id }}>
            <Bidi>{grid.title}</Bidi>
          </AnchorLink>
        }
        actions={
          <Group gap="xs">
            {can("result.enter") && (
              <ButtonLink
                to="/assessment/exams/$id/imports"
                params={{ id }}
                variant="default"
                leftSection={<IconFileUpload size={16} />}
              >
                {t("exams.grid.fromFile")}
              </ButtonLink>
            )}
            <ButtonLink to="/assessment/exams/$id/results" params={{ id }} variant="default">
              {t("exams.results.title")}
            </ButtonLink>
          </Group>
        }
      />
      {closed && (
        <div style={{ marginBlockEnd: "1rem" }}>
          <Notice>{t(`exams.grid.closed.${closed}`)}</Notice>
        </div>
      )}
      {isEmpty ? (
        <EmptyState
          title={t("exams.grid.empty")}
          detail={t("exams.grid.emptyDetail")}
          action={
            <ButtonLink to="/assessment/exams/$id" params={{ id }}>
              {t("exams.grid.toExam")}
            </ButtonLink>
          }
        />
      ) : (
        <MarksGrid key={grid.exam} grid={grid} />
      )}
    </>
  );
}

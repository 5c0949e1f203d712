import { Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { UploadForm } from "../forms/UploadForm";
import { History } from "../parts/History";
import { examQuery, marksOf, partsQuery, runLink } from "../queries";
import classes from "./ImportsPage.module.css";

const route = getRouteApi("/shell/assessment/exams/$id/imports");

/** The marks of an exam from a file: uploaded, compared with what stands, and written when somebody has looked. */
export function MarksFilesPage() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { id } = route.useParams();
  const search = route.useSearch();
  const { data: exam } = useSuspenseQuery(examQuery(id));
  const { data: parts } = useSuspenseQuery(partsQuery(id));
  const source = marksOf(id, parts.results);
  return (
    <>
      <PageHeader
        title={t("imports.examMarks.titled", { title: exam.title })}
        up={
          <AnchorLink to="/assessment/exams/$id" params={{ id }}>
            <Bidi>{exam.title}</Bidi>
          </AnchorLink>
        }
        lead={t("imports.lead")}
        actions={
          <ButtonLink to="/assessment/exams/$id/marks" params={{ id }} variant="default">
            {t("exams.grid.title")}
          </ButtonLink>
        }
      />
      <div className={classes.page}>
        <UploadForm source={source} onUploaded={(run) => void navigate(runLink(source, run.id))} />
        <div>
          <Title order={2} className={classes.heading}>
            {t("imports.history")}
          </Title>
          <History source={source} search={search} />
        </div>
      </div>
    </>
  );
}

import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { RunView } from "../parts/RunView";
import { examQuery, marksOf, partsQuery, runQuery } from "../queries";

const route = getRouteApi("/shell/assessment/exams/$id/imports/$run");

/** One file of an exam's marks on its way. */
export function MarksFilePage() {
  const { t } = useTranslation();
  const { id, run: wanted } = route.useParams();
  const search = route.useSearch();
  const { data: exam } = useSuspenseQuery(examQuery(id));
  const { data: parts } = useSuspenseQuery(partsQuery(id));
  const source = marksOf(id, parts.results);
  const { data: run } = useSuspenseQuery(runQuery(source, wanted));
  return (
    <>
      <PageHeader
        title={run.filename}
        heading={<Bidi>{run.filename}</Bidi>}
        badge={<StatusBadge status={run.status} />}
        up={
          <AnchorLink to="/assessment/exams/$id/imports" params={{ id }}>
            {t("imports.examMarks.title")}
          </AnchorLink>
        }
        lead={
          <>
            <Bidi>{exam.title}</Bidi> · <Bidi>{run.user_name}</Bidi> · <Moment at={run.created_at} />
          </>
        }
      />
      <RunView source={source} run={run} search={search} />
    </>
  );
}

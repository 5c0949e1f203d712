import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { RunView } from "../parts/RunView";
import { KINDS, runQuery } from "../queries";

const route = getRouteApi("/shell/attendance/uploads/$id");

/** One file of marks on its way. */
export function UploadPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const search = route.useSearch();
  const { data: run } = useSuspenseQuery(runQuery(KINDS.attendance, id));
  return (
    <>
      <PageHeader
        title={run.filename}
        heading={<Bidi>{run.filename}</Bidi>}
        badge={<StatusBadge status={run.status} />}
        up={<AnchorLink to="/attendance/uploads">{t("imports.marks.title")}</AnchorLink>}
        lead={
          <>
            <Bidi>{run.user_name}</Bidi> · <Moment at={run.created_at} />
          </>
        }
      />
      <RunView source={KINDS.attendance} run={run} search={search} />
    </>
  );
}

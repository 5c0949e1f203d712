import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { RunView } from "../parts/RunView";
import { KINDS, kindOf, runQuery } from "../queries";

const route = getRouteApi("/shell/academics/imports/$kind/$id");

export function ImportPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const params = route.useParams();
  const search = route.useSearch();
  const kind = kindOf(params.kind);
  const { data: run } = useSuspenseQuery(runQuery(KINDS[kind], params.id));
  return (
    <>
      <PageHeader
        title={run.filename}
        heading={<Bidi>{run.filename}</Bidi>}
        badge={<StatusBadge status={run.status} />}
        up={
          <AnchorLink to="/academics/imports" search={{ kind }}>
            {t("imports.title")}
          </AnchorLink>
        }
        lead={
          <>
            {label("imports.kinds", kind)} · {label("imports.mode", run.mode)} · <Bidi>{run.user_name}</Bidi>{" "}
            · <Moment at={run.created_at} />
          </>
        }
      />
      <RunView source={KINDS[kind]} run={run} search={search} />
    </>
  );
}

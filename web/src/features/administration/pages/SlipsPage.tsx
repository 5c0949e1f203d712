import { SegmentedControl } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { SlipsRound } from "../parts/SlipsRound";

const route = getRouteApi("/shell/administration/invitations/slips");

/** Many at once, usually after an import. */
export function SlipsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { run } = search;
  const audience = search.audience === "faculty" ? "faculty" : "students";
  return (
    <>
      <PageHeader
        title={t("administration.slip.title")}
        lead={t("administration.slip.lead")}
        up={<AnchorLink to="/administration/invitations">{t("administration.invitation.title")}</AnchorLink>}
        actions={
          <SegmentedControl
            aria-label={t("administration.slip.audience")}
            value={audience}
            data={[
              { value: "students", label: t("administration.slip.students") },
              { value: "faculty", label: t("administration.slip.faculty") },
            ]}
            onChange={(next) => void navigate({ search: { audience: next } })}
          />
        }
      />
      <SlipsRound key={`${audience}-${run}`} audience={audience} run={run} />
    </>
  );
}

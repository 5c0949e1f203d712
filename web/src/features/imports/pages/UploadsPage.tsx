import { Title } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHeader } from "../../../ui/PageHeader";
import { UploadForm } from "../forms/UploadForm";
import { History } from "../parts/History";
import { KINDS, runLink } from "../queries";
import classes from "./ImportsPage.module.css";

const route = getRouteApi("/shell/attendance/uploads");

/** Files of marks: uploaded, checked, and written when somebody has seen what they would do. */
export function UploadsPage() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  return (
    <>
      <PageHeader title={t("imports.marks.title")} lead={t("imports.lead")} />
      <div className={classes.page}>
        <UploadForm
          source={KINDS.attendance}
          onUploaded={(run) => void navigate(runLink(KINDS.attendance, run.id))}
        />
        <div>
          <Title order={2} className={classes.heading}>
            {t("imports.history")}
          </Title>
          <History source={KINDS.attendance} search={search} />
        </div>
      </div>
    </>
  );
}

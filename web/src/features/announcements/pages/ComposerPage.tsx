import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { AnnouncementForm } from "../forms/AnnouncementForm";

export function ComposerPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title={t("announcements.compose")}
        lead={t("announcements.composeLead")}
        up={<AnchorLink to="/announcements">{t("announcements.title")}</AnchorLink>}
      />
      <AnnouncementForm
        onDone={({ id }) => navigate({ to: "/announcements/$id", params: { id: String(id) } })}
      />
    </>
  );
}

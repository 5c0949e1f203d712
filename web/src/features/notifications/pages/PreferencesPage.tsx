import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { PreferencesForm } from "../forms/PreferencesForm";
import { preferencesQuery } from "../queries";

export function PreferencesPage() {
  const { t } = useTranslation();
  const { data: preferences } = useSuspenseQuery(preferencesQuery);
  return (
    <>
      <PageHeader
        title={t("notifications.preferences.title")}
        lead={t("notifications.preferences.lead")}
        up={<AnchorLink to="/notifications">{t("notifications.title")}</AnchorLink>}
      />
      <PreferencesForm key={preferences.version} preferences={preferences} />
    </>
  );
}

import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { AskForm } from "../forms/AskForm";

export function AskingPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title={t("requests.asking")}
        lead={t("requests.askingLead")}
        up={<AnchorLink to="/requests">{t("requests.title")}</AnchorLink>}
      />
      <div style={{ maxWidth: "48rem" }}>
        <Panel>
          <AskForm
            onDone={({ id }) => navigate({ to: "/requests/$id", params: { id: String(id) }, replace: true })}
          />
        </Panel>
      </div>
    </>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { EndpointForm } from "../forms/EndpointForm";
import { SecretOnce } from "../parts/SecretOnce";
import { Snippets } from "../parts/Snippets";
import type { WithSecret } from "../queries";

export function SubscribePage() {
  const { t } = useTranslation();
  const [made, setMade] = useState<WithSecret | null>(null);
  return (
    <>
      <PageHeader
        title={made ? made.name : t("webhooks.subscribe.title")}
        lead={made ? t("webhooks.secret.lead") : t("webhooks.subscribe.lead")}
        up={<AnchorLink to="/dashboard/settings/webhooks">{t("webhooks.title")}</AnchorLink>}
      />
      {made ? (
        <>
          <Panel title={t("webhooks.secret.title")}>
            <SecretOnce secret={made.secret}>
              <ButtonLink to="/dashboard/settings/webhooks/$id" params={{ id: String(made.id) }}>
                {t("webhooks.secret.kept")}
              </ButtonLink>
            </SecretOnce>
          </Panel>
          <Snippets />
        </>
      ) : (
        <EndpointForm
          onDone={(saved) => setMade(saved as WithSecret)}
          cancel={
            <ButtonLink to="/dashboard/settings/webhooks" variant="default">
              {t("ui.cancel")}
            </ButtonLink>
          }
        />
      )}
    </>
  );
}

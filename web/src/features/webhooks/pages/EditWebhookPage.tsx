import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { EndpointForm } from "../forms/EndpointForm";
import { endpointQuery } from "../queries";

const route = getRouteApi("/shell/dashboard/settings/webhooks/$id/edit");

export function EditWebhookPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const { data: endpoint } = useSuspenseQuery(endpointQuery(id));
  return (
    <>
      <PageHeader
        title={t("webhooks.edit")}
        up={
          <AnchorLink to="/dashboard/settings/webhooks/$id" params={{ id }}>
            <Bidi>{endpoint.name}</Bidi>
          </AnchorLink>
        }
      />
      <EndpointForm
        key={endpoint.version}
        endpoint={endpoint}
        onDone={() => navigate({ to: "/dashboard/settings/webhooks/$id", params: { id } })}
        cancel={
          <ButtonLink to="/dashboard/settings/webhooks/$id" params={{ id }} variant="default">
            {t("ui.cancel")}
          </ButtonLink>
        }
      />
    </>
  );
}

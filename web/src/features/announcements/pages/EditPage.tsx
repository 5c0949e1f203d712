import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { AnnouncementForm } from "../forms/AnnouncementForm";
import { announcementQuery } from "../queries";

const route = getRouteApi("/shell/announcements/$id/edit");

export function EditPage() {
  const { t } = useTranslation();
  const params = route.useParams();
  const navigate = useNavigate();
  const { data: announcement } = useSuspenseQuery(announcementQuery(params.id));
  return (
    <>
      <PageHeader
        title={t("announcements.edit")}
        lead={t("announcements.composeLead")}
        up={
          <AnchorLink to="/announcements/$id" params={params}>
            <Bidi>{announcement.title}</Bidi>
          </AnchorLink>
        }
      />
      <AnnouncementForm
        key={announcement.version}
        announcement={announcement}
        cancel={
          <ButtonLink to="/announcements/$id" params={params} variant="default">
            {t("ui.cancel")}
          </ButtonLink>
        }
        onDone={() => navigate({ to: "/announcements/$id", params })}
      />
    </>
  );
}

import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { PostedBody, PostedMeta } from "../parts/PostedBody";
import { postedQuery } from "../queries";

const route = getRouteApi("/shell/board/$id");

export function PostedPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: posted } = useSuspenseQuery(postedQuery(id));
  return (
    <>
      <PageHeader
        title={posted.title}
        heading={<Bidi>{posted.title}</Bidi>}
        lead={<PostedMeta posted={posted} />}
        up={<AnchorLink to="/board">{t("announcements.board.title")}</AnchorLink>}
      />
      <Panel>
        <PostedBody posted={posted} />
      </Panel>
    </>
  );
}

import { IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type MoveRequest, movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { AudienceWords } from "../../../ui/audience/AudienceWords";
import { Bidi } from "../../../ui/Bidi";
import { Columns } from "../../../ui/Columns";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { Markdown } from "../../../ui/Markdown";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { Priority } from "../../../ui/Priority";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { shownMoves } from "../moves";
import { ReachView } from "../parts/ReachView";
import { TellDialog, type Telling } from "../parts/TellDialog";
import { ANNOUNCEMENTS, type Announcement, announcementQuery, announcementUrl, BOARD } from "../queries";

const route = getRouteApi("/shell/announcements/$id");
const TELLING = new Set<string>(["send", "schedule"]);
const TO_COME = new Set(["draft", "scheduled"]);

export function AnnouncementPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: announcement } = useSuspenseQuery(announcementQuery(id));
  const [telling, setTelling] = useState<Telling | null>(null);
  const url = announcementUrl(announcement.id);
  const { mutateAsync } = useMove({
    url,
    version: announcement.version,
    invalidate: [[url], [ANNOUNCEMENTS], [BOARD]],
  });
  const moves = shownMoves(movesOf(announcement.moves));
  const move = async (asked: MoveRequest) => {
    if (TELLING.has(asked.name)) setTelling(asked.name as Telling);
    else await mutateAsync(asked);
  };
  const isDraft = announcement.status === "draft";
  return (
    <>
      <PageHeader
        title={announcement.title}
        heading={<Bidi>{announcement.title}</Bidi>}
        badge={<StatusBadge status={announcement.status} />}
        lead={<Bidi>{announcement.created_by_name}</Bidi>}
        up={<AnchorLink to="/announcements">{t("announcements.title")}</AnchorLink>}
        actions={
          <>
            {isDraft && <DraftActions announcement={announcement} />}
            {moves.length > 0 && (
              <MoveButtons moves={moves} onMove={move} primary={isDraft ? "send" : "none"} />
            )}
          </>
        }
      />
      {announcement.status === "sending" && <Notice role="status">{t("announcements.sending")}</Notice>}
      <Columns side={<About announcement={announcement} />}>
        <Panel>
          <Markdown>{announcement.body}</Markdown>
        </Panel>
      </Columns>
      {telling && (
        <TellDialog
          announcement={announcement}
          name={telling}
          act={() => mutateAsync({ name: telling })}
          onClose={() => setTelling(null)}
        />
      )}
    </>
  );
}

function DraftActions({ announcement }: { announcement: Announcement }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const saved = useSaved(ANNOUNCEMENTS);
  return (
    <>
      <ConfirmButton
        color="madder"
        variant="subtle"
        title={t("announcements.delete")}
        question={t("announcements.deleteQuestion")}
        confirm={t("ui.delete")}
        act={() => writeJson("DELETE", announcementUrl(announcement.id))}
        onDone={async () => {
          await navigate({ to: "/announcements" });
          await saved();
        }}
      >
        {t("ui.delete")}
      </ConfirmButton>
      <ButtonLink
        to="/announcements/$id/edit"
        params={{ id: String(announcement.id) }}
        variant="default"
        leftSection={<IconPencil size={16} aria-hidden="true" />}
      >
        {t("ui.edit")}
      </ButtonLink>
    </>
  );
}

function About({ announcement }: { announcement: Announcement }) {
  const { t } = useTranslation();
  const { dateTime, number } = useFormat();
  const { audience, category, priority, send_email, publish_at, expires_at, sent_at, recipients_count } =
    announcement;
  const when = (moment: string | null) => moment && dateTime(moment);
  return (
    <>
      <Panel title={t("announcements.about")}>
        <Facts
          items={[
            {
              label: t("announcements.fields.recipients"),
              value: recipients_count === null ? null : number(recipients_count),
            },
            { label: t("announcements.fields.sent_at"), value: when(sent_at) },
            { label: t("announcements.fields.publish_at"), value: when(publish_at) },
            { label: t("announcements.fields.expires_at"), value: when(expires_at) },
            { label: t("announcements.fields.priority"), value: <Priority value={priority} /> },
            {
              label: t("announcements.fields.category"),
              value: category ? <Bidi>{category}</Bidi> : null,
            },
            {
              label: t("announcements.fields.mail"),
              value: send_email ? t("ui.yes") : t("ui.no"),
            },
          ]}
        />
      </Panel>
      <Panel title={t("announcements.fields.audience")}>
        <AudienceWords audience={audience} />
      </Panel>
      {TO_COME.has(announcement.status) && (
        <Panel title={t("announcements.reach.title")}>
          <ReachView audience={audience} />
        </Panel>
      )}
    </>
  );
}

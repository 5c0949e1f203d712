import { Group, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { UploadForm } from "../forms/UploadForm";
import { History } from "../parts/History";
import { KINDS, runLink, type Session, sessionQuery } from "../queries";
import classes from "./ImportsPage.module.css";

const route = getRouteApi("/shell/attendance/uploads");

/** Files of marks: uploaded, checked, and written when somebody has seen what they would do. */
export function UploadsPage() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { session: asked, ...search } = route.useSearch();
  const { data: session, error } = useQuery({ ...sessionQuery(asked ?? ""), enabled: Boolean(asked) });
  return (
    <>
      <PageHeader title={t("imports.marks.title")} lead={t("imports.lead")} />
      <div className={classes.page}>
        {asked && session && <OfSession session={session} />}
        {asked && error && <ErrorPanel error={error} />}
        <UploadForm
          key={asked ?? ""}
          source={KINDS.attendance}
          session={asked ? session : undefined}
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

/** Which session the rows of the file are of, with the way back to its register and out of it. */
function OfSession({ session }: { session: Session }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Notice>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {t("imports.upload.ofSession")} <Bidi>{session.title || session.topic}</Bidi>,{" "}
          {format.day(session.starts_at)},{" "}
          <bdi dir="ltr">
            {format.time(session.starts_at)}–{format.time(session.ends_at)}
          </bdi>
        </Text>
        <Group gap="sm">
          <AnchorLink size="sm" to="/attendance/sessions/$id" params={{ id: String(session.id) }}>
            {t("imports.upload.toRegister")}
          </AnchorLink>
          <AnchorLink size="sm" to="/attendance/uploads">
            {t("imports.upload.severalSessions")}
          </AnchorLink>
        </Group>
      </Group>
    </Notice>
  );
}

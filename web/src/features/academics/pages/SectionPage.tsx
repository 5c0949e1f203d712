import { Button, Group } from "@mantine/core";
import { IconPencil, IconUsersPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SeatsBar } from "../../../ui/SeatsBar";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { EnrolForm } from "../forms/EnrolForm";
import { SectionForm } from "../forms/SectionForm";
import { Roster } from "../parts/Roster";
import { recordQuery, SECTIONS, type Section } from "../queries";

const route = getRouteApi("/shell/academics/sections/$id");

export function SectionPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const saved = useSaved(SECTIONS);
  const { data: section } = useSuspenseQuery(recordQuery<Section>(SECTIONS, id));
  const [dialog, setDialog] = useState<"edit" | "enrol" | null>(null);
  const close = () => setDialog(null);
  const enrol = can("enrollment.manage") && (
    <Button leftSection={<IconUsersPlus size={16} />} onClick={() => setDialog("enrol")}>
      {t("academics.enrol.open")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={`${section.course_code} ${section.name}`}
        heading={
          <>
            <Code>{section.course_code}</Code> <Bidi>{section.name}</Bidi>
          </>
        }
        badge={<StatusBadge status={section.period_status} />}
        lead={<Bidi>{section.course_name}</Bidi>}
        up={<AnchorLink to="/academics/sections">{t("academics.section.title")}</AnchorLink>}
        actions={
          <>
            {can("result.view_decided") && (
              <ButtonLink to="/assessment/sections/$id/gradebook" params={{ id }} variant="default">
                {t("academics.section.gradebook")}
              </ButtonLink>
            )}
            {can("section.manage") && (
              <Group gap="xs">
                <ConfirmButton
                  title={t("academics.section.delete")}
                  question={t("academics.deleteQuestion", { name: section.name })}
                  confirm={t("ui.delete")}
                  act={() => writeJson("DELETE", `${SECTIONS}${section.id}/`)}
                  onDone={async () => {
                    await navigate({ to: "/academics/sections" });
                    await saved();
                  }}
                >
                  {t("ui.delete")}
                </ConfirmButton>
                <Button
                  variant="default"
                  leftSection={<IconPencil size={16} />}
                  onClick={() => setDialog("edit")}
                >
                  {t("ui.edit")}
                </Button>
              </Group>
            )}
            {enrol}
          </>
        }
      />
      <div style={{ display: "grid", gap: "1.5rem" }}>
        {section.period_status === "closed" && <Notice tone="wait">{t("academics.section.closed")}</Notice>}
        <Panel title={t("academics.section.facts")}>
          <Facts
            items={[
              {
                label: t("academics.section.seats"),
                value: <SeatsBar taken={section.enrolled_count} capacity={section.capacity} />,
              },
              {
                label: t("academics.fields.course"),
                value: (
                  <AnchorLink to="/academics/courses/$id" params={{ id: String(section.course) }}>
                    <Bidi>{section.course_name}</Bidi>
                  </AnchorLink>
                ),
              },
              {
                label: t("academics.fields.period"),
                value: (
                  <AnchorLink to="/academics/periods/$id" params={{ id: String(section.academic_period) }}>
                    <Bidi>{section.academic_period_name}</Bidi>
                  </AnchorLink>
                ),
              },
              {
                label: t("academics.fields.teacher"),
                value: section.faculty_name ? <Bidi>{section.faculty_name}</Bidi> : null,
              },
              {
                label: t("academics.section.further"),
                value:
                  section.teachers.length > 0 ? (
                    <Bidi>{section.teachers.map(({ name }) => name).join(", ")}</Bidi>
                  ) : null,
              },
              {
                label: t("academics.section.group"),
                value: section.group_name ? <Bidi>{section.group_name}</Bidi> : null,
              },
              {
                label: t("academics.section.self"),
                value: section.self_enrollment ? t("ui.yes") : t("ui.no"),
              },
            ]}
          />
        </Panel>
        <Roster section={section} search={search} action={enrol} />
      </div>
      <FormDialog title={t("academics.section.edit")} opened={dialog === "edit"} onClose={close}>
        <SectionForm key={section.version} section={section} onDone={close} />
      </FormDialog>
      <FormDialog title={t("academics.enrol.title")} opened={dialog === "enrol"} onClose={close} size="xl">
        <EnrolForm section={section} />
      </FormDialog>
    </>
  );
}

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconExternalLink, IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { CopyField } from "../../../ui/CopyField";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SeatsBar } from "../../../ui/SeatsBar";
import { useSaved } from "../../../ui/useSaved";
import { IntakeForm } from "../forms/IntakeForm";
import { INTAKES, type Intake, intakeQuery, intakeUrl, publicAddress } from "../queries";
import { IntakeState } from "./IntakesPage";

const route = getRouteApi("/shell/academics/intakes/$id");

export function IntakePage() {
  const { t } = useTranslation();
  const can = useCan();
  const { institution } = useMe();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const { data: intake } = useSuspenseQuery(intakeQuery(id));
  const saved = useSaved(INTAKES);
  const [isOpen, { open, close }] = useDisclosure(false);
  const name = `${intake.program_name} · ${intake.batch_name}`;
  const address = institution ? publicAddress(institution.code) : null;
  return (
    <>
      <PageHeader
        title={name}
        heading={<Bidi>{name}</Bidi>}
        badge={<IntakeState intake={intake} />}
        up={<AnchorLink to="/academics/intakes">{t("intakes.title")}</AnchorLink>}
        actions={
          <>
            {can("application.review") && (
              <ButtonLink
                to="/academics/applications"
                search={{ intake: String(intake.id) }}
                variant="default"
              >
                {t("intakes.applications")}
              </ButtonLink>
            )}
            {can("intake.manage") && (
              <>
                <ConfirmButton
                  color="madder"
                  variant="subtle"
                  title={t("intakes.delete")}
                  question={t("intakes.deleteQuestion")}
                  confirm={t("ui.delete")}
                  act={() => writeJson("DELETE", intakeUrl(intake.id))}
                  onDone={async () => {
                    await navigate({ to: "/academics/intakes" });
                    await saved();
                  }}
                >
                  {t("ui.delete")}
                </ConfirmButton>
                <Button leftSection={<IconPencil size={16} />} onClick={open}>
                  {t("ui.edit")}
                </Button>
              </>
            )}
          </>
        }
      />
      <Counts intake={intake} />
      {address && (
        <div style={{ marginBlockStart: "1rem" }}>
          <Panel
            title={t("intakes.page")}
            actions={
              <Button
                component="a"
                href={address}
                target="_blank"
                variant="subtle"
                size="compact-sm"
                leftSection={<IconExternalLink size={16} />}
              >
                {t("intakes.look")}
              </Button>
            }
          >
            <CopyField label={t("intakes.address")} value={address} />
          </Panel>
        </div>
      )}
      <FormDialog title={t("intakes.edit")} opened={isOpen} onClose={close}>
        <IntakeForm key={intake.version} intake={intake} onDone={close} />
      </FormDialog>
    </>
  );
}

function Counts({ intake }: { intake: Intake }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Panel title={t("intakes.facts")}>
      <Facts
        items={[
          { label: t("intakes.fields.opens"), value: format.dateTime(intake.opens_at) },
          { label: t("intakes.fields.closes"), value: format.dateTime(intake.closes_at) },
          {
            label: t("intakes.fields.seats"),
            value: <SeatsBar taken={intake.approved_count} capacity={intake.seats} />,
          },
          { label: t("intakes.fields.applied"), value: format.number(intake.application_count) },
          { label: t("intakes.fields.waiting"), value: format.number(intake.open_count) },
          { label: t("intakes.fields.approved"), value: format.number(intake.approved_count) },
        ]}
      />
    </Panel>
  );
}

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { Bidi } from "../../../ui/Bidi";
import { CopyField } from "../../../ui/CopyField";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SeatsBar } from "../../../ui/SeatsBar";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useOptions } from "../../../ui/useOptions";
import { IntakeForm } from "../forms/IntakeForm";
import { INTAKES, type Intake, publicAddress } from "../queries";

const route = getRouteApi("/shell/academics/intakes");

export function IntakesPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { institution } = useMe();
  const format = useFormat();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const programs = useOptions("/api/v1/academics/programs/", (row) => row.name);
  const columns = useMemo<Column<Intake>[]>(
    () => [
      {
        id: "batch",
        header: t("intakes.fields.batch"),
        sort: "program__name",
        cell: (row) => (
          <>
            <Bidi>{row.program_name}</Bidi> · <Bidi>{row.batch_name}</Bidi>
          </>
        ),
      },
      {
        id: "opens",
        header: t("intakes.fields.opens"),
        sort: "opens_at",
        cell: (row) => format.dateTime(row.opens_at),
      },
      {
        id: "closes",
        header: t("intakes.fields.closes"),
        sort: "closes_at",
        cell: (row) => format.dateTime(row.closes_at),
      },
      {
        id: "applied",
        header: t("intakes.fields.applied"),
        align: "end",
        cell: (row) => row.application_count,
      },
      { id: "waiting", header: t("intakes.fields.waiting"), align: "end", cell: (row) => row.open_count },
      {
        id: "seats",
        header: t("intakes.fields.seats"),
        cell: (row) => <SeatsBar taken={row.approved_count} capacity={row.seats} />,
      },
      { id: "state", header: t("intakes.fields.state"), cell: (row) => <IntakeState intake={row} /> },
    ],
    [t, format],
  );
  const create = can("intake.manage") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("intakes.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("intakes.title")} lead={t("intakes.lead")} actions={create} />
      {institution && (
        <div style={{ marginBlockEnd: "1rem" }}>
          <Panel>
            <CopyField label={t("intakes.address")} value={publicAddress(institution.code)} />
          </Panel>
        </div>
      )}
      <DataTable
        path={INTAKES}
        caption={t("intakes.title")}
        columns={columns}
        rowId={(intake) => intake.id}
        rowLink={(intake) => linkOptions({ to: "/academics/intakes/$id", params: { id: String(intake.id) } })}
        search={route.useSearch()}
        filters={[
          { name: "program", label: t("intakes.fields.program"), options: programs },
          {
            name: "is_open",
            label: t("intakes.fields.state"),
            options: [
              { value: "true", label: t("ui.status.open") },
              { value: "false", label: t("ui.status.closed") },
            ],
          },
        ]}
        empty={{ title: t("intakes.empty"), detail: t("intakes.emptyDetail"), action: create }}
      />
      <FormDialog title={t("intakes.create")} opened={isOpen} onClose={close}>
        <IntakeForm
          onDone={({ id }) => navigate({ to: "/academics/intakes/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}

/** Open now, still to come, or over. */
export function IntakeState({ intake }: { intake: Intake }) {
  const isAhead = !intake.is_open && Date.parse(intake.opens_at) > Date.now();
  return <StatusBadge status={intake.is_open ? "open" : isAhead ? "upcoming" : "closed"} />;
}

import { Button, Group, Tabs } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useOptions } from "../../../ui/useOptions";
import { EnterForm } from "../forms/EnterForm";
import { APPLICATIONS, type ListedApplication, STATUSES } from "../queries";
import classes from "./ApplicationsPage.module.css";

const route = getRouteApi("/shell/academics/applications");
const ALL = "all";

export function ApplicationsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const intakes = useOptions(
    "/api/v1/academics/intakes/",
    (row) => `${row.program_name} · ${row.batch_name}`,
    { program: search.program },
    can("intake.view"),
  );
  const programs = useOptions("/api/v1/academics/programs/", (row) => row.name);
  const actions = (
    <Group gap="xs">
      {can("intake.view") && (
        <ButtonLink to="/academics/intakes" variant="default">
          {t("applications.intakes")}
        </ButtonLink>
      )}
      {can("application.submit") && (
        <Button leftSection={<IconPlus size={16} />} onClick={open}>
          {t("applications.enter")}
        </Button>
      )}
    </Group>
  );
  const choose = (status: string | null) =>
    void navigate({
      search: (before) => ({
        ...before,
        page: undefined,
        status: status === ALL ? undefined : (status ?? undefined),
      }),
      resetScroll: false,
    });
  return (
    <>
      <PageHeader title={t("applications.title")} lead={t("applications.lead")} actions={actions} />
      <Tabs value={search.status ?? ALL} onChange={choose} className={classes.tabs}>
        <Tabs.List aria-label={t("applications.fields.status")}>
          <Tabs.Tab value={ALL}>{t("applications.handedIn")}</Tabs.Tab>
          {STATUSES.map((status) => (
            <Tabs.Tab key={status} value={status}>
              {label("ui.status", status)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={search.status ?? ALL} pt="md">
          <DataTable
            path={APPLICATIONS}
            caption={t("applications.title")}
            columns={columns}
            rowId={(application) => application.id}
            rowLink={(application) =>
              linkOptions({ to: "/academics/applications/$id", params: { id: String(application.id) } })
            }
            search={search}
            filters={[
              {
                name: "program",
                label: t("applications.fields.program"),
                options: programs,
                clears: ["intake"],
              },
              ...(can("intake.view")
                ? [{ name: "intake", label: t("applications.fields.intake"), options: intakes }]
                : []),
            ]}
            empty={{
              title: search.status ? t("applications.emptyStatus") : t("applications.empty"),
              detail: t("applications.emptyDetail"),
              action: actions,
            }}
          />
        </Tabs.Panel>
      </Tabs>
      <FormDialog title={t("applications.enter")} opened={isOpen} onClose={close}>
        <EnterForm
          onDone={({ id }) => navigate({ to: "/academics/applications/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}

function useColumns(): Column<ListedApplication>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("applications.fields.name"),
        sort: "full_name",
        cell: (row) => (row.full_name ? <Bidi>{row.full_name}</Bidi> : <Code>{row.email}</Code>),
      },
      {
        id: "number",
        header: t("applications.fields.number"),
        sort: "number",
        cell: (row) => row.number && <Code>{row.number}</Code>,
      },
      {
        id: "father",
        header: t("application.fields.father_name"),
        isExtra: true,
        cell: (row) => <Bidi>{row.father_name}</Bidi>,
      },
      {
        id: "program",
        header: t("applications.fields.intake"),
        cell: (row) => (
          <>
            <Bidi>{row.program_name}</Bidi> · <Bidi>{row.batch_name}</Bidi>
          </>
        ),
      },
      {
        id: "mobile",
        header: t("application.fields.mobile"),
        cell: (row) => row.mobile && <Code>{row.mobile}</Code>,
      },
      {
        id: "email",
        header: t("application.email"),
        isExtra: true,
        cell: (row) => <Code>{row.email}</Code>,
      },
      {
        id: "merit",
        header: t("application.fields.merit_number"),
        align: "end",
        sort: "merit_number",
        cell: (row) => row.merit_number,
      },
      {
        id: "percentage",
        header: t("application.fields.merit_percentage"),
        align: "end",
        sort: "merit_percentage",
        isExtra: true,
        cell: (row) => row.merit_percentage,
      },
      {
        id: "submitted",
        header: t("applications.fields.submitted"),
        sort: "submitted_at",
        cell: (row) => row.submitted_at && <Moment at={row.submitted_at} />,
      },
      {
        id: "status",
        header: t("applications.fields.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
    ],
    [t],
  );
}
